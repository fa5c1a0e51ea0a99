// The pretend Atlassian as a child of Usher or of its demo. It ends when its parent does, however that ended: the channel between
// them breaks even when that one was killed.
process.once("disconnect", () => process.exit(0));
await import("./main.ts");

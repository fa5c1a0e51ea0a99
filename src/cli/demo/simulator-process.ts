// The pretend Atlassian as a child of the demo. It ends when the demo does, however that ended: the channel between
// them breaks even when the demo was killed.
process.once("disconnect", () => process.exit(0));
await import("../../sim/main.ts");

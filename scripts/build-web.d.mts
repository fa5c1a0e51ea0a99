/** Resolves when dist/web is what the sources say; `false` when it was so already. */
export function buildWeb(): Promise<boolean>;

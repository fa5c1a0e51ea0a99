/** NIST SP 800-63B-4 §3.1.1.2 asks for fifteen where a password stands alone; twelve and a growing wait are ours. */
export const PASSWORD_MIN = 12;
/** Longer ones only cost time to hash. */
export const PASSWORD_MAX = 200;

/** What of a new password is not right, in words; null where all is. Nothing is asked of its characters. */
export function flawOfPassword(password: string, person: { name: string; email: string }): string | null {
  const plain = password.trim().toLowerCase();
  if (new Set(plain).size < 5) return "is too simple: it has fewer than five different characters";
  const known = [person.email, person.email.split("@")[0] ?? "", person.name, "usher", "confluence", "password"];
  const rest = known
    .filter((each) => each.length >= 3)
    .reduce((left, each) => left.replaceAll(each.toLowerCase(), ""), plain);
  return rest.length < 6 ? "is little more than a name, an e-mail or a word that everybody tries" : null;
}

/** The largest page known, 1,000 audit records, is about 1 MB; ten times that is no answer of this API. */
const BODY_BYTES_MAX = 32 * 1024 * 1024;

export class BodyTooLarge extends Error {}

/** The whole body as text; throws `BodyTooLarge` as soon as it exceeds the bound. */
export async function readBody(response: Response): Promise<string> {
  if (!response.body) return "";
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    if (bytes > BODY_BYTES_MAX) throw new BodyTooLarge(`The answer is larger than ${BODY_BYTES_MAX} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes).toString("utf8");
}

/** The text as JSON, or undefined where it is none: a page of HTML, plain text, or cut off. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What is no JSON is told apart by its content type, by whoever asked.
    return undefined;
  }
}

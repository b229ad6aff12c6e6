const decoder = new TextDecoder();

/** A text in the bytes. Escapes are JSON's, so that JSON reads them. */
export function textIn(bytes, start, end) {
  const text = decoder.decode(bytes.subarray(start, end));
  return text.includes("\\") ? JSON.parse(`"${text}"`) : text;
}

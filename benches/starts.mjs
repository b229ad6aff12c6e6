/** Starts one variant alone, as a program that uses nothing else would. `entry` is the URL of the package's entry. */
export const STARTS = {
  async ours(entry, bytes) {
    const engine = await import(entry);
    await engine.default();
    // As a program would while its request is in flight.
    await engine.warmUp({ bytes });
    return (body) => engine.Snapshot.parse(body).rows({ limit: 50 }).rows;
  },
  scanner: async () => (await import("./javascript/byte-scanner.mjs")).firstPage,
  parse: async () => (await import("./javascript/json-parse.mjs")).firstPage,
  idiomatic: async () => (await import("./javascript/idiomatic.mjs")).firstPage,
};

/** @returns {Promise<{ start: number, load: number }>} Milliseconds of importing, compiling and warming up; of the first load. */
export async function coldLoad(name, entry, body) {
  const since = performance.now();
  const firstPage = await STARTS[name](entry, body.length);
  const started = performance.now();
  firstPage(body);
  return { start: started - since, load: performance.now() - started };
}

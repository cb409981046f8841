// checks.mjs: what the JavaScript tests of this folder share: named groups of calls, and waits that end.
export const pause = (ms) => new Promise((done) => setTimeout(done, ms));
export const within = (what, promise, ms = 10000) => Promise.race([promise, pause(ms).then(() => { throw new Error(`${what}: nothing came within ${ms} ms`); })]);
let groups = 0;
export const check = async (name, run) => {
  try { await run(); groups++; } catch (error) { console.error(`not ok: ${name}\n`, error); process.exit(1); }
};
export const done = (client) => { console.log(`${client}: ${groups} groups of calls agree`); process.exit(0); };
// Events of a socket, kept until somebody looks for one.
export const inbox = () => {
  const events = [];
  return {
    put: (event) => events.push(event),
    find: (what, wanted, ms = 10000) => within(what, (async () => { for (;;) { const hit = events.find(wanted); if (hit) return hit; await pause(5); } })(), ms),
  };
};

// checks.mjs: what the JavaScript tests of this folder share: named groups of calls, and events that are awaited up to a deadline.
export const within = (what, promise, ms = 10000) => {
  let deadline;
  const late = new Promise((_, fail) => { deadline = setTimeout(() => fail(new Error(`${what}: nothing came within ${ms} ms`)), ms); });
  return Promise.race([promise, late]).finally(() => clearTimeout(deadline));
};
let groups = 0;
export const check = async (name, run) => {
  try { await run(); groups++; } catch (error) { console.error(`not ok: ${name}\n`, error); process.exit(1); }
};
export const done = (client) => { console.log(`${client}: ${groups} groups of calls agree`); process.exit(0); };
// Events, kept until somebody looks for one; whoever looks too early is called when it comes.
export const inbox = () => {
  const events = [];
  const waiting = new Set();
  return {
    put: (event) => {
      events.push(event);
      for (const one of waiting) {
        if (one.wanted(event)) { waiting.delete(one); one.found(event); }
      }
    },
    find: (what, wanted, ms) => {
      const hit = events.find(wanted);
      return hit ? Promise.resolve(hit) : within(what, new Promise((found) => { waiting.add({ wanted, found }); }), ms);
    },
  };
};

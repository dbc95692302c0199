// Starts and stops do not run into each other.

const assert = require("node:assert");
const test = require("node:test");
const { Turns } = require("../out/turns.js");

const pause = () => new Promise((resolve) => setTimeout(resolve, 5));

test("work waits for what was asked for before, and is left where newer work waits", async () => {
  const turns = new Turns();
  const done = [];
  const work = (name) => async () => {
    done.push(`${name} begins`);
    await pause();
    done.push(`${name} ends`);
  };

  const first = turns.take(work("first"));
  await pause();
  await Promise.all([first, turns.take(work("second")), turns.take(work("third"))]);

  assert.deepStrictEqual(done, ["first begins", "first ends", "third begins", "third ends"]);
});

test("what fails does not hold up the next", async () => {
  const turns = new Turns();
  const failing = turns.take(() => Promise.reject(new Error("no")));
  await assert.rejects(failing, /no/);

  let was = false;
  await turns.take(async () => {
    was = true;
  });

  assert.ok(was);
});

// What all journeys stand on: one browser and the demonstration city, begun before the first and ended after the last.
// JOURNEY_CITY may name a data folder that `zhixin demo` has loaded; a copy of it is used, for quick rounds at a desk.
import { cpSync } from "node:fs";
import { after, before } from "node:test";
import { City } from "../harness/city.js";
import { Visitor, launch } from "../harness/browser.js";

export const stage = {};

before(async () => {
  stage.browser = await launch();
});
after(async () => {
  await stage.browser?.close();
  await stage.demo?.stop();
});

// The demonstration city, loaded at the first use.
export async function demo() {
  if (!stage.demo) {
    stage.demo = new City();
    if (process.env.JOURNEY_CITY) cpSync(process.env.JOURNEY_CITY, stage.demo.data, { recursive: true });
    else stage.demo.command("demo");
    await stage.demo.start();
  }
  return stage.demo;
}

// Lets visitors in, runs the steps and sees everybody out; nobody may have met an objection of the browser.
export async function journey(city, steps) {
  const visitors = [];
  const arrive = async (options) => {
    const visitor = await Visitor.arrive(stage.browser, city, options);
    visitors.push(visitor);
    return visitor;
  };
  try {
    await steps(arrive);
  } catch (failed) {
    failed.message += `\nThe server's last lines:\n${city.tail()}`;
    await Promise.all(visitors.map((visitor) => visitor.context.close()));
    throw failed;
  }
  for (const visitor of visitors) await visitor.leave();
}

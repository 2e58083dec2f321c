// Every type of page, as the role that works with it, on a desk and on a phone: axe finds nothing, nothing is wider than
// the screen, and the first visit to a public page is light.
import assert from "node:assert/strict";
import { test } from "node:test";
import { DESK, PHONE } from "../harness/browser.js";
import { faults, picture } from "../harness/look.js";
import { demo, journey } from "./stage.js";

const PAGES = {
  "": ["/", "/catalogue", "/calls", "/notices", "/plan", "/verify", "/providers", "/terms", "/rules", "/log", "/draws", "/help", "/login", "/register", "/nowhere"],
  "demo-lead": ["/desk", "/desk/tasks", "/desk/people", "/desk/people/merges", "/desk/orgs", "/desk/orgs/new", "/desk/staff", "/desk/tokens", "/desk/webhooks", "/desk/webhooks/new", "/desk/calendar", "/desk/terms", "/desk/compliance", "/desk/entries", "/desk/credentials", "/desk/statistics", "/desk/notices", "/desk/notices/new", "/desk/parameters", "/desk/messages", "/desk/standings", "/desk/standings/pace", "/desk/years", "/desk/editions", "/desk/claims", "/desk/claims/draws", "/desk/disputes", "/desk/disputes/providers", "/desk/late-reports", "/desk/title-checks", "/desk/reminders", "/desk/calls", "/desk/calls/new", "/desk/call-templates", "/desk/call-templates/new", "/desk/fees", "/desk/fees/edit?item=second_class", "/desk/topics", "/desk/declarations"],
  "demo-provider": ["/desk", "/desk/classes", "/desk/courses", "/desk/enrolments", "/desk/tasks", "/desk/reports", "/desk/filed-classes/new", "/desk/declarations"],
  "demo-employer": ["/desk", "/desk/people", "/desk/people/new", "/desk/enrol", "/desk/compliance", "/desk/claims", "/desk/standings"],
  "demo-learner": ["/desk", "/desk/my/classes", "/desk/my/statement", "/desk/my/certificates", "/desk/my/claims", "/desk/my/claims/new", "/desk/disputes/new", "/account", "/desk/help"],
  "demo-district": ["/desk", "/desk/topics", "/desk/declarations?turn=mine"],
  "demo-department": ["/desk"],
  "demo-finance": ["/desk", "/desk/statistics?by=money", "/desk/calls"],
  "demo-auditor": ["/desk", "/desk/audit"],
  "demo-operator": ["/desk", "/desk/jobs", "/desk/system"],
};

function nameOf(login, path) {
  const page = path.replace(/^\/desk\/?/, "desk-").replace(/[/?=]+/g, "-").replace(/^-|-$/g, "") || "home";
  return login ? `${login.slice(5)}-${page}` : page;
}

// Weight of a first visit as it came over the wire.
async function weigh(visitor, path) {
  const session = await visitor.context.newCDPSession(visitor.page);
  await session.send("Network.enable");
  let [requests, bytes] = [0, 0];
  session.on("Network.loadingFinished", (event) => {
    requests += 1;
    bytes += event.encodedDataLength;
  });
  await visitor.page.goto(path, { waitUntil: "networkidle" });
  assert.ok(requests <= 12 && bytes <= 200_000, `${path}: ${requests} requests, ${bytes} bytes`);
}

for (const [login, paths] of Object.entries(PAGES)) {
  test(`the pages of ${login || "a visitor"}`, async () => {
    const found = [];
    await journey(await demo(), async (arrive) => {
      for (const size of [DESK, PHONE]) {
        const visitor = await arrive({ size });
        if (login) await visitor.signIn(login);
        for (const path of paths) {
          const reply = await visitor.page.goto(path);
          const expected = path === "/nowhere" ? 404 : 200;
          if (reply.status() !== expected) found.push(`${path} answers ${reply.status()}`);
          assert.ok(await visitor.heading() || path === "/", `${path} has a heading`);
          for (const fault of await faults(visitor)) found.push(`${login} ${path} at ${size.width}: ${fault}`);
          await picture(visitor, nameOf(login, path));
        }
      }
    });
    assert.deepEqual(found, []);
  });
}

test("a first visit is light", async () => {
  await journey(await demo(), async (arrive) => {
    for (const path of ["/", "/catalogue", "/verify", "/login"]) {
      await weigh(await arrive({ size: PHONE }), path);
    }
  });
});

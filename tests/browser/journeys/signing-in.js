// Signing in and out: what a wrong password says, what five of them do, keyboard only, and the two keys of every page.
import assert from "node:assert/strict";
import { test } from "node:test";
import { PASSWORD } from "../harness/city.js";
import { look } from "../harness/look.js";
import { demo, journey } from "./stage.js";

async function focused(visitor) {
  return visitor.page.evaluate(() => {
    const element = document.activeElement;
    const name = element.getAttribute("name") ?? element.textContent;
    return `${element.tagName.toLowerCase()}:${name.trim().slice(0, 40)}`;
  });
}

// Goes on with Tab until the element is focused; a page that needs more than a hundred steps is none for a keyboard.
async function tabTo(visitor, wanted) {
  const met = [];
  for (let step = 0; step < 100; step += 1) {
    await visitor.page.keyboard.press("Tab");
    met.push(await focused(visitor));
    if (met.at(-1) === wanted) return;
  }
  assert.fail(`${wanted} cannot be reached with Tab; met ${met.join(" → ")}`);
}

test("a wrong password is told, and five of them pause the name", async () => {
  await journey(await demo(), async (arrive) => {
    const visitor = await arrive();
    await visitor.go("/login");
    for (let turn = 1; turn <= 5; turn += 1) {
      await visitor.fill("登录名", "demo-expert");
      await visitor.page.locator("#f-password").fill("不是这个密码");
      await visitor.press("登录");
      await visitor.sees(turn < 5 ? /登录名或密码/ : /暂停/);
      if (turn === 1) {
        assert.equal(await visitor.page.locator("#f-username").inputValue(), "demo-expert", "the name is kept");
        await look(visitor, "login-refused");
      }
    }
    await visitor.page.locator("#f-password").fill(PASSWORD);
    await visitor.press("登录");
    await visitor.sees(/暂停.*15|15 分钟/);
  });
});

test("the keyboard alone signs in, enrols, finds and signs out", async () => {
  await journey(await demo(), async (arrive) => {
    const visitor = await arrive();
    const { keyboard } = visitor.page;
    await visitor.go("/login");
    assert.equal(await focused(visitor), "input:username", "the form is ready to be typed into");
    await keyboard.type("demo-learner");
    await keyboard.press("Tab");
    await keyboard.type(PASSWORD);
    await Promise.all([visitor.page.waitForURL(/\/desk$/), keyboard.press("Enter")]);

    await visitor.go("/catalogue");
    await keyboard.press("/");
    assert.match(await focused(visitor), /^input:q/);
    await keyboard.type("演示招生中");
    await Promise.all([visitor.page.waitForURL(/q=/), keyboard.press("Enter")]);
    await visitor.sees("演示招生中");
    await visitor.page.evaluate(() => document.activeElement.blur());
    await keyboard.press("?");
    await visitor.page.locator("dialog[open]").waitFor();
    await keyboard.press("Escape");
    await visitor.page.locator("dialog[open]").waitFor({ state: "detached" });

    const title = (await visitor.page.locator("main #list a", { hasText: "演示招生中" }).first().textContent()).trim();
    await tabTo(visitor, `a:${title.slice(0, 40)}`);
    await Promise.all([visitor.page.waitForURL(/\/classes\/\d+/), keyboard.press("Enter")]);
    await tabTo(visitor, "button:报名");
    await Promise.all([visitor.page.waitForURL(/my\/classes/), keyboard.press("Enter")]);
    await visitor.sees("报名成功");

    await visitor.page.locator("header summary").focus();
    await keyboard.press("Enter");
    await tabTo(visitor, "button:退出登录");
    await Promise.all([visitor.page.waitForURL((url) => url.pathname === "/"), keyboard.press("Enter")]);
    await visitor.page.goto("/desk/my/statement");
    assert.match(visitor.page.url(), /\/login/);
  });
});

// An empty installation becomes a platform: the command line makes the first accounts, their owners activate them,
// the lead appoints others, and one person with two roles switches between them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { City } from "../harness/city.js";
import { PHONE } from "../harness/browser.js";
import { look } from "../harness/look.js";
import { journey } from "./stage.js";

const SENTENCE = "春江潮水连海平 2026";

function codeOf(said) {
  return JSON.parse(said).code;
}

async function activate(visitor, code) {
  await visitor.go("/activate");
  await visitor.fill("激活码", code);
  await visitor.page.getByLabel("设置密码").first().fill(SENTENCE);
  await visitor.page.getByLabel("再输入一次").first().fill(SENTENCE);
  await visitor.press("设置密码并激活");
}

test("an empty installation is founded from the command line and the staff page", async () => {
  const city = new City();
  try {
    const operator = codeOf(city.command("--json", "account", "create", "--role", "operator", "--login", "yunwei"));
    const lead = codeOf(city.command("--json", "account", "create", "--role", "lead", "--login", "qiantou", "--name", "牵头处"));
    await city.start();
    await journey(city, async (arrive) => {
      const wei = await arrive({ size: PHONE });
      await wei.go("/activate");
      await look(wei, "activate");
      await activate(wei, "0000-0000-0000-0000-0000-0000-0000");
      await wei.sees(/激活码.*(不正确|无效|有误|失效|不对)/);
      await activate(wei, operator);
      await wei.sees("密码已设置");
      await look(wei, "activated");
      await wei.signIn("yunwei", SENTENCE);
      await wei.go("/account");
      await look(wei, "account");

      const qian = await arrive();
      await activate(qian, lead);
      await qian.sees("密码已设置");
      await qian.signIn("qiantou", SENTENCE);
      // One person appointed twice: auditor by the first form, then a district by a second grant.
      await qian.go("/desk/staff/new");
      await qian.press("新建账号");
      await qian.sees("请填写姓名或岗位");
      await look(qian, "form-refused");
      await qian.fill("姓名或岗位", "徐明（人社局）");
      await qian.fill("登录名", "xuming");
      await qian.field("角色").selectOption("auditor");
      await qian.press("新建账号");
      await qian.sees("激活码（只显示这一次）");
      const code = (await qian.text()).match(/[0-9A-Z]{4}(-[0-9A-Z]{2,4}){6}/)?.[0];
      assert.ok(code, await qian.text());
      await look(qian, "activation-code");
      await qian.go("/desk/staff/grant");
      await qian.fill("登录名", "xuming");
      await qian.field("角色").selectOption("district");
      await qian.field("区").selectOption({ label: "徐汇区" });
      await qian.press("授予角色");
      await qian.sees("角色已授予");
      await qian.go("/desk/staff");
      await look(qian, "staff");

      const xu = await arrive();
      await activate(xu, code);
      await xu.signIn("xuming", SENTENCE);
      const before = await xu.page.locator("header").innerText();
      await xu.page.locator("header details[data-menu] > summary").click();
      await xu.page.locator("header .menu-roles button:not([aria-current])").click();
      await xu.sees("已切换为");
      assert.notEqual(await xu.page.locator("header").innerText(), before);
    });
  } finally {
    await city.stop();
  }
});

// A call for projects: the lead reads a call of sixty declarations and concludes a formal check, a provider begins a declaration, a
// visitor reads a plan under public notice and objects, the lead answers, the plan of the first batch stands in public.
import assert from "node:assert/strict";
import { test } from "node:test";
import { PHONE } from "../harness/browser.js";
import { look } from "../harness/look.js";
import { demo, journey } from "./stage.js";

async function open(visitor, path, words) {
  await visitor.go(path);
  const before = visitor.page.url();
  await visitor.page.locator("main tbody a", { hasText: words }).first().click();
  await visitor.page.waitForURL((url) => url.href !== before);
}

test("a call goes from sixty declarations to a notice that a visitor objects to", async () => {
  await journey(await demo(), async (arrive) => {
    const lead = await arrive();
    await lead.signIn("demo-lead");
    await open(lead, "/desk/calls", "高级研修项目征集");
    await lead.sees("件待形式审查");
    await look(lead, "call-in-check");
    await lead.page.locator("main a", { hasText: "申报列表" }).first().click();
    await lead.page.waitForURL(/declarations/);
    assert.match(await lead.text(), /60/);
    await lead.go("/desk/declarations?state=checking");
    await look(lead, "declarations");
    await open(lead, "/desk/declarations?state=checking", "");
    await lead.page.locator("main a", { hasText: "形式审查" }).first().click();
    await lead.page.waitForURL(/formal/);
    await look(lead, "declaration-formal");
    await open(lead, "/desk/declarations?state=reviewing", "");
    await look(lead, "declaration");

    const provider = await arrive({ size: PHONE });
    await provider.signIn("demo-provider");
    await provider.go("/desk/declarations");
    await provider.page.locator("main a", { hasText: "申报“" }).first().click();
    await provider.page.waitForURL(/declarations\/new/);
    await provider.press("开始填写");
    await provider.page.waitForURL(/content/);
    await look(provider, "declaration-content");

    const visitor = await arrive({ size: PHONE });
    await open(visitor, "/calls", "第二批");
    await look(visitor, "call-public");
    await visitor.page.locator("main a", { hasText: "查看公示" }).first().click();
    await visitor.page.waitForURL(/notice/);
    await look(visitor, "call-notice");
    await visitor.page.locator("main a", { hasText: "可见记录" }).first().click();
    await visitor.page.waitForURL(/evidence/);
    await look(visitor, "call-evidence");
    await visitor.page.goBack();
    await visitor.page.locator("main a", { hasText: "提出异议" }).first().click();
    await visitor.page.waitForURL(/objection/);
    await visitor.fill("异议的事实和理由", "该项目的内容与去年的项目重复，请核实（演示）。");
    await visitor.fill("姓名或单位名称", "演示单位");
    await visitor.fill("电话或电子邮箱", "021-00000000");
    await visitor.press("提交异议");
    await visitor.sees("异议已收到");

    await open(lead, "/desk/calls", "第二批");
    await lead.page.locator("main a", { hasText: "办理异议" }).first().click();
    await lead.page.waitForURL(/objections/);
    await look(lead, "call-objections");
    await lead.page.getByLabel("异议不成立").check();
    await lead.fill("答复", "经核实，内容不重复（演示）。");
    await lead.press("答复");
    await lead.sees("经核实");

    await open(visitor, "/calls", "第一批");
    await visitor.sees("年度项目计划");
    await look(visitor, "call-plan");
  });
});

// A browser without JavaScript: sign in, filter a list, be corrected without losing a word, publish a notice.
import assert from "node:assert/strict";
import { test } from "node:test";
import { PHONE } from "../harness/browser.js";
import { demo, journey } from "./stage.js";

const BODY = "请各单位在 12 月 10 日前核对本年度学时。\n\n咨询电话见附件。";

test("everything works without JavaScript", async () => {
  await journey(await demo(), async (arrive) => {
    const lead = await arrive({ script: false });
    await lead.signIn("demo-lead");
    await lead.go("/desk/orgs");
    const whole = await lead.page.locator("main tbody tr").count();
    await lead.page.locator('main form[role="search"] select[name="district"]').selectOption({ label: "徐汇区" });
    await lead.press("查询");
    assert.match(lead.page.url(), /district=310104/);
    const some = await lead.page.locator("main tbody tr").count();
    assert.ok(some > 0 && some <= whole, `${some} of ${whole}`);
    await lead.sees("所在区：徐汇区");

    await lead.go("/desk/notices/new");
    await lead.fill("正文", BODY);
    await lead.press("保存草稿");
    const summary = lead.page.locator("main [data-error-summary]");
    await summary.waitFor();
    assert.match(await summary.innerText(), /标题/);
    assert.equal((await lead.field("正文").inputValue()).trim(), BODY, "what was typed is kept");
    await summary.getByRole("link").first().click();
    assert.match(lead.page.url(), /#f-/);
    await lead.field("类别").selectOption({ index: 1 });
    await lead.fill("标题", "关于核对年度学时的通知（旅程）");
    await lead.press("保存草稿");
    await lead.sees("尚未发布");
    await lead.press("发布");
    await lead.sees("公告已发布");

    const reader = await arrive({ size: PHONE, script: false });
    await reader.go("/notices");
    await reader.page.locator("main").getByRole("link", { name: "关于核对年度学时的通知（旅程）" }).click();
    await reader.sees("请各单位在 12 月 10 日前核对本年度学时。");
  });
});

// The authority's day: a district confirms somebody who registered alone, the lead reads figures, the auditor finds the
// trace of both, the operator sees what ran.
import assert from "node:assert/strict";
import { test } from "node:test";
import { look } from "../harness/look.js";
import { demo, journey } from "./stage.js";

test("a district confirms, the lead reads, the auditor traces, the operator watches", async () => {
  await journey(await demo(), async (arrive) => {
    const district = await arrive();
    await district.signIn("demo-district");
    await district.go("/desk/people?standing=unverified");
    await look(district, "people-unverified");
    await district.page.locator("main tbody a").first().click();
    await district.sees("核对姓名、证件和任职单位后核验");
    await look(district, "person-unverified");
    await district.press("核验通过");
    await district.page.locator("main").getByRole("button", { name: "核验通过" }).waitFor({ state: "detached" });

    const lead = await arrive();
    await lead.signIn("demo-lead");
    await lead.go("/desk/compliance");
    assert.ok((await lead.page.locator("main tbody tr").count()) > 0);
    await lead.go("/desk/statistics");
    assert.match(await lead.text(), /人次/);

    const auditor = await arrive();
    await auditor.signIn("demo-auditor");
    await auditor.go("/desk/audit");
    await auditor.fill("操作人", "demo-district");
    await auditor.press("查询");
    await auditor.page.waitForURL(/actor=/);
    assert.match(await auditor.page.locator("main tbody").innerText(), /核验/);
    await auditor.page.locator("main tbody tr", { hasText: "核验" }).first().getByRole("link").first().click();
    await auditor.page.waitForURL(/audit\/\d+/);
    await look(auditor, "audit-entry");

    const operator = await arrive();
    await operator.signIn("demo-operator");
    await operator.go("/desk/jobs");
    assert.ok((await operator.page.locator("main tbody tr").count()) > 0, await operator.text());
  });
});

// The main job, clicked from end to end: a provider plans a class in short sections and publishes it, a professional
// enrols by phone and an employer enrols a colleague, the roll is called, results are recorded, hours are posted with
// their reason, documents are downloaded, and a stranger believes the genuine file only.
import assert from "node:assert/strict";
import { test } from "node:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { PHONE } from "../harness/browser.js";
import { local } from "../harness/city.js";
import { look } from "../harness/look.js";
import { demo, journey } from "./stage.js";

const DAY = "2026-11-25";
const TITLE = "城市内涝韧性评估与智能调度";

async function planCourse(provider) {
  await provider.go("/desk/courses");
  await look(provider, "courses");
  await provider.go("/desk/courses/new");
  await provider.page.getByLabel("专业科目").check();
  await provider.field("继续教育形式").selectOption({ index: 1 });
  await provider.fill("课程名称", TITLE);
  await provider.field("重点领域").selectOption({ label: "人工智能" });
  await provider.fill("课程简介", "面向水务、气象和城市运行单位，讲清内涝模型怎样建、怎样用。");
  await provider.fill("教学大纲", "一、降雨与汇流模型\n二、泵闸联合调度");
  await provider.fill("标准学时", "8");
  await look(provider, "course-form");
  await provider.press("保存课程");
  await provider.page.waitForURL(/\/desk\/courses\/\d+/);
  await look(provider, "course");
}

async function fillSession(provider, n, hour) {
  const at = (field) => provider.page.locator(`[name="sessions.${n}.${field}"]`);
  await at("title").fill(n === 1 ? "降雨与汇流模型" : "泵闸联合调度");
  await at("starts_at").fill(local(DAY, hour));
  await at("ends_at").fill(local(DAY, hour + 3));
  await at("pause").fill("15");
  await at("place").fill("徐汇区演示路 1 号 302 室");
  await at("teacher").fill("沈演示");
  await at("teacher_title").fill("教授");
}

// From the course to the catalogue; gives the number of the class.
async function publishClass(provider) {
  await provider.go("/desk/classes/new");
  await provider.field("课程").selectOption({ label: await provider.page.locator("option", { hasText: TITLE }).first().textContent() });
  await provider.press("下一步：基本信息");
  await provider.page.waitForURL(/basics$/);
  const id = provider.page.url().match(/classes\/(\d+)/)[1];
  await provider.page.getByLabel("线下面授").check();
  await provider.fill("班次说明", "请带身份证件和电脑。");
  await provider.fill("上课地点", "徐汇区演示路 1 号 302 室");
  await provider.fill("联系人和电话", "演示联系人 021-00000000");
  await provider.fill("学时年度", "2026");
  await provider.fill("申报学时", "8");
  await provider.fill("学员缴费", "0");
  await provider.field("经费来源").selectOption({ index: 1 });
  await look(provider, "class-basics");
  await provider.press("保存，下一步：课次");
  await provider.page.waitForURL(/sessions$/);
  await fillSession(provider, 1, 9);
  await provider.press("再加一个课次");
  await provider.page.locator('[name="sessions.2.title"]').waitFor();
  await fillSession(provider, 2, 13);
  await look(provider, "class-sessions");
  await provider.press("保存，下一步：报名条件");
  await provider.page.waitForURL(/conditions$/);
  await provider.fill("报名开始", local("2026-11-23", 8));
  await provider.fill("报名截止", local("2026-11-24", 17));
  await provider.fill("招生人数", "30");
  await provider.fill("其中基层一线名额", "5");
  await look(provider, "class-conditions");
  await provider.press("保存，下一步：检查并发布");
  await provider.sees("都填好了，可以发布");
  await look(provider, "class-check");
  await provider.press("发布班次");
  await provider.sees("已出现在公开目录中");
  await look(provider, "class-hub");
  return id;
}

async function markEverybody(provider, id) {
  for (const n of [0, 1]) {
    await provider.go(`/desk/classes/${id}`);
    await provider.page.locator('main a[href*="/sessions/"][href$="/roll"]').nth(n).click();
    await provider.page.waitForURL(/roll$/);
    if (n === 0) await look(provider, "roll");
    await provider.press("其余全部出勤并保存");
    await provider.sees("全部登记");
  }
}

async function complete(provider, id) {
  await provider.go(`/desk/classes/${id}/results`);
  await provider.page.locator('main input[name^="s-"]').first().fill("92");
  await look(provider, "results");
  await provider.press("其余全部合格并保存");
  await provider.go(`/desk/classes/${id}/complete`);
  await provider.sees("2 人将结业，每人记入 7.33 学时");
  await look(provider, "complete");
  await provider.press("确认结业并记入学时");
  await provider.sees("2 人合格");
}

// Reloads until the page shows the words: certificates are issued by a job.
async function appears(visitor, path, words) {
  for (let turn = 0; turn < 60; turn += 1) {
    await visitor.go(path);
    if ((await visitor.text()).includes(words)) return;
    await visitor.page.waitForTimeout(500);
  }
  assert.fail(`${path} does not show ${words}:\n${await visitor.text()}`);
}

async function documents(learner) {
  await appears(learner, "/desk/my/certificates", TITLE);
  await look(learner, "my-certificates");
  const row = learner.page.locator("main tr", { hasText: TITLE }).first();
  const number = (await row.innerText()).match(/[A-Z]{2,3}-\d{4}-\d{7}-[\dA-Z]/)?.[0];
  assert.ok(number, await row.innerText());
  const certificate = await learner.download(row.getByRole("link", { name: "下载 PDF" }));
  await learner.go("/desk/my/statement");
  await learner.press("出具年度学时证明（PDF）");
  await learner.sees("年度学时证明已出具");
  await look(learner, "credential");
  const statement = await learner.download(learner.page.locator("main").getByRole("link", { name: "下载 PDF" }));
  for (const file of [certificate, statement]) {
    assert.equal(file.bytes.subarray(0, 5).toString(), "%PDF-", file.name);
    assert.ok(file.bytes.length > 10_000 && file.bytes.length < 1_000_000, `${file.name}: ${file.bytes.length} bytes`);
    assert.match(file.name, /\.pdf$/);
  }
  return { number, certificate: certificate.bytes, statement: statement.bytes };
}

// Drops a file on the zone as from a folder of the desktop.
async function drop(visitor, name, bytes) {
  const transfer = await visitor.page.evaluateHandle(([name, text]) => {
    const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    const transfer = new DataTransfer();
    transfer.items.add(new File([bytes], name, { type: "application/pdf" }));
    return transfer;
  }, [name, bytes.toString("base64")]);
  await visitor.page.locator("main [data-drop]").dispatchEvent("drop", { dataTransfer: transfer });
  await visitor.sees(`已选择 ${name}`);
  await visitor.press("按文件核验");
}

async function verify(stranger, city, papers) {
  await stranger.go("/verify");
  await stranger.fill("证书编号", papers.number);
  await stranger.press("按编号核验");
  await stranger.sees("真实有效");
  await stranger.sees("7.33");
  await look(stranger, "verify-genuine");
  await stranger.go(`/verify?n=${papers.number}&s=AAAA`);
  await stranger.sees("不属实");
  for (const [name, bytes] of [["证书.pdf", papers.certificate], ["证明.pdf", papers.statement]]) {
    await stranger.go("/verify");
    await drop(stranger, name, bytes);
    await stranger.sees("内容未经改动");
    const altered = Buffer.from(bytes);
    altered[Math.floor(altered.length / 2)] ^= 1;
    await stranger.go("/verify");
    await drop(stranger, `改过的${name}`, altered);
    await stranger.sees("不属实");
    const kept = join(city.folder, name);
    writeFileSync(kept, bytes);
    assert.equal(city.verdict("verify", kept).code, 0, name);
    writeFileSync(kept, altered);
    assert.equal(city.verdict("verify", kept).code, 1, `altered ${name}`);
  }
  await look(stranger, "verify-refused");
}

test("from a class notice to an hour that a stranger can verify", async () => {
  const city = await demo();
  let id;
  await journey(city, async (arrive) => {
    const provider = await arrive();
    await provider.signIn("demo-provider");
    await planCourse(provider);
    id = await publishClass(provider);

    const visitor = await arrive({ size: PHONE });
    await visitor.go("/catalogue");
    await visitor.page.locator("main").getByRole("searchbox").fill("内涝");
    await visitor.press("查询");
    await visitor.sees(TITLE);
    await look(visitor, "catalogue-found");

    const learner = await arrive({ size: PHONE });
    await learner.signIn("demo-learner");
    await learner.go(`/classes/${id}`);
    await look(learner, "class-public");
    await learner.press("报名");
    await learner.sees("报名成功");
    await look(learner, "my-classes");

    const employer = await arrive();
    await employer.signIn("demo-employer");
    await employer.go(`/desk/enrol/${id}`);
    await look(employer, "enrol-staff");
    // Neither the learner, who is in already, nor somebody whose time is taken: the third of the roster.
    await employer.page.locator("main [data-tick]").nth(2).check();
    await employer.press("为勾选的人员报名");
    await employer.sees("1 人已报名");
    await look(employer, "enrol-answer");
  });
  city.moveTo(`${DAY}T16:30:00+08:00`);
  await journey(city, async (arrive) => {
    const provider = await arrive();
    await provider.signIn("demo-provider");
    await markEverybody(provider, id);
    await complete(provider, id);

    const learner = await arrive({ size: PHONE });
    await learner.signIn("demo-learner");
    await learner.go("/desk/my/statement");
    await learner.sees(TITLE);
    await learner.sees("7.33");
    await learner.sees("授课 330 分钟 ÷ 45");
    await look(learner, "my-statement");
    const papers = await documents(learner);
    const stranger = await arrive();
    await verify(stranger, city, papers);
  });
});

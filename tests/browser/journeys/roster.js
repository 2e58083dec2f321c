// An employer's roster: the template, a file with faults explained cell by cell, and a good file that is confirmed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { look } from "../harness/look.js";
import { demo, journey } from "./stage.js";

const HEAD = "姓名,证件类型,身份证件号码,手机号码,职称系列,职称级别,职称名称,岗位,岗位类别,是否基层一线,专业领域,入职日期,工作单位统一社会信用代码";
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

// A number of the demonstration area, which is nobody's.
function number(serial) {
  const digits = `31999920030601${String(serial).padStart(3, "0")}`;
  const sum = WEIGHTS.reduce((total, weight, i) => total + weight * Number(digits[i]), 0);
  return digits + "10X98765432"[sum % 11];
}

function roster(rows) {
  const lines = rows.map(([name, document]) => `${name},居民身份证,${document},,,,,研发工程师,,否,,,`);
  return { name: "名册.csv", mimeType: "text/csv", buffer: Buffer.from(`\ufeff${[HEAD, ...lines].join("\r\n")}\r\n`) };
}

async function upload(employer, file) {
  await employer.go("/desk/people/import/new");
  await employer.page.locator("main input[type=file]").setInputFiles(file);
  await employer.press("上传并检查");
  await employer.page.waitForURL(/import\/\d+$/);
}

// The result may stand there at once, or be asked for when the progress says so.
async function result(employer, words) {
  for (let turn = 0; turn < 60; turn += 1) {
    if ((await employer.text()).includes(words)) return;
    await employer.page.waitForTimeout(500);
    await employer.page.reload();
  }
  assert.fail(`“${words}” does not appear:\n${await employer.text()}`);
}

test("an employer brings its people in from a file", async () => {
  await journey(await demo(), async (arrive) => {
    const employer = await arrive();
    await employer.signIn("demo-employer");
    await employer.go("/desk/people/import");
    await look(employer, "imports");
    const template = await employer.download(employer.page.locator("main").getByRole("link", { name: "下载模板" }).first());
    assert.match(template.name, /模板\.xlsx$/);
    assert.equal(template.bytes.subarray(0, 2).toString(), "PK");
    await employer.go("/desk/people/import/new");
    await look(employer, "import-new");

    const wrong = number(902).replace(/.$/, (c) => (c === "1" ? "2" : "1"));
    await upload(employer, roster([["沈旅甲", number(901)], ["沈旅乙", wrong], ["", number(903)]]));
    await result(employer, "3 行中有 2 行有错误");
    await employer.sees(/校验位不符/);
    await look(employer, "import-faults");
    const faults = await employer.download(employer.page.locator("main").getByRole("link", { name: "下载错误清单" }).first());
    assert.equal(faults.bytes.subarray(0, 2).toString(), "PK");
    assert.match(faults.name, /\.xlsx$/);

    await upload(employer, roster([["沈旅甲", number(901)], ["沈旅乙", number(902)], ["沈旅丙", number(903)]]));
    await result(employer, "3 行全部正确");
    await look(employer, "import-checked");
    await employer.press("确认导入");
    await result(employer, "已导入：新增 3 人");
    await employer.go("/desk/people?q=沈旅");
    assert.equal(await employer.page.locator("main tbody tr").count(), 3);

    // The same file again changes nothing.
    await upload(employer, roster([["沈旅甲", number(901)], ["沈旅乙", number(902)], ["沈旅丙", number(903)]]));
    await result(employer, "完全一致");
  });
});

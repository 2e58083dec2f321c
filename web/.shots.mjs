import { chromium } from "playwright-core";
import http from "node:http"; import fs from "node:fs"; import path from "node:path";
const T={".html":"text/html; charset=utf-8",".css":"text/css",".js":"text/javascript",".svg":"image/svg+xml",".png":"image/png"};
const s=http.createServer((q,r)=>{const f="/tmp/look"+new URL(q.url,"http://x").pathname;if(!fs.existsSync(f))return r.writeHead(404).end();r.writeHead(200,{"content-type":T[path.extname(f)]});fs.createReadStream(f).pipe(r)});
await new Promise(k=>s.listen(0,"127.0.0.1",k));const base="http://127.0.0.1:"+s.address().port;
const b=await chromium.launch({executablePath:"/usr/bin/chromium",args:["--no-sandbox","--disable-quic","--disable-gpu"]});
const [pagename,width,...sels]=process.argv.slice(2);
const p=await (await b.newContext({viewport:{width:+width,height:+width>500?900:844},isMobile:+width<500,hasTouch:+width<500})).newPage();
await p.goto(base+"/"+pagename+".html",{waitUntil:"networkidle"});
await p.addStyleTag({content:".top-desk,.bottom,.bulk{position:static!important}"});
for(const sel of sels){const [q,name]=sel.split("=>");if(q==="view"){await p.screenshot({path:`/tmp/look/x-${name}-${width}.png`});continue}
 await p.locator(q).first().screenshot({path:`/tmp/look/x-${name}-${width}.png`});}
await b.close();s.close();

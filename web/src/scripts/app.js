// Progressive enhancement, all of it: every page works without this file. Handlers sit on the document, so that
// pieces swapped in by htmx need no second set-up; what must be prepared in the page is prepared again on load.
import htmx from "htmx.org";
import { checkIdentifiers } from "./checks.js";
import { prepareDrops } from "./drop.js";
import { guardForms, prepareForms } from "./forms.js";
import { watchKeys } from "./keys.js";
import { preparePage, watchPage } from "./page.js";
import { prepareTables, watchTables } from "./table.js";

window.htmx = htmx;
watchKeys();
watchPage();
watchTables();
guardForms();
checkIdentifiers();
htmx.onLoad((root) => {
  preparePage(root);
  prepareForms(root);
  prepareTables(root);
  prepareDrops(root);
});

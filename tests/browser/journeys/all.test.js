// All journeys, in the order in which a city lives them: it is founded, people sign in, the main job runs, lists are
// worked, and at the end every type of page is looked at on a desk and on a phone.
import "./founding.js";
import "./signing-in.js";
import "./without-script.js";
import "./roster.js";
import "./authority.js";
import "./main-job.js";
import "./calls.js";
import "./every-page.js";

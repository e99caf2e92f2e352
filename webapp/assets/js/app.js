import { countDown } from "./count-down.js";
import { desk } from "./desk.js";
import { showTokens } from "./diagrams.js";
import { print } from "./print.js";
import { ofReasons } from "./reasons.js";
import { shrinkPhotos } from "./shrink-photos.js";
import { submitOnce } from "./submit-once.js";
import { ticks } from "./ticks.js";

shrinkPhotos(document); // before submitOnce: a form that still waits for its photo is not on its way
submitOnce(document);
showTokens(document);
desk(document);
ticks(document);
countDown(document);
ofReasons(document);
print(document);

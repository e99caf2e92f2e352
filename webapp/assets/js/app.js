import { desk } from "./desk.js";
import { showTokens } from "./diagrams.js";
import { shrinkPhotos } from "./shrink-photos.js";
import { submitOnce } from "./submit-once.js";

shrinkPhotos(document); // before submitOnce: a form that still waits for its photo is not on its way
submitOnce(document);
showTokens(document);
desk(document);

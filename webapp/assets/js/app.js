import { desk } from "./desk.js";
import { showTokens } from "./diagrams.js";
import { shrinkPhotos } from "./shrink-photos.js";
import { submitOnce } from "./submit-once.js";

submitOnce(document);
shrinkPhotos(document);
showTokens(document);
desk(document);

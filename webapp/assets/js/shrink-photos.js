// A phone's photo is larger than a paper may be: it is made smaller here, before it is sent.
const LONGEST_SIDE = 2200; // pixels, enough to read a page of small print
const QUALITY = 0.82;

export function shrinkPhotos(document) {
  const jobs = new Map(); // a form whose photo is being made smaller, and the button pressed meanwhile

  document.addEventListener("change", async ({ target }) => {
    if (!target.matches("input[type=file][data-shrink]")) return;
    const { form, files: [file] } = target;
    const job = { pressed: jobs.get(form)?.pressed };
    jobs.set(form, job);
    tell(form, true);
    const photo = await smallEnough(document, file, Number(target.dataset.shrink));
    if (jobs.get(form) !== job) return; // another file was chosen meanwhile
    if (photo !== file) target.files = listOf(photo);
    jobs.delete(form);
    tell(form, false);
    form.removeAttribute("aria-busy");
    if (job.pressed) form.requestSubmit(job.pressed);
  });

  // Whoever presses the button too early need not press it again.
  document.addEventListener("submit", (event) => {
    const job = jobs.get(event.target);
    if (!job) return;
    event.preventDefault();
    job.pressed = event.submitter;
    event.target.setAttribute("aria-busy", "true");
  });
}

function tell(form, isWorking) {
  form.querySelector("[data-shrinking]").hidden = !isWorking;
}

function listOf(file) {
  const chosen = new DataTransfer();
  chosen.items.add(file);
  return chosen.files;
}

// What is no photo, or none that this browser can read, is sent as it is: the server says what is wrong with it.
async function smallEnough(document, file, most) {
  if (!file?.type.startsWith("image/") || file.size <= most) return file;
  return shrunk(document, file).catch(() => file);
}

async function shrunk(document, file) {
  const photo = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST_SIDE / Math.max(photo.width, photo.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(photo.width * scale);
  canvas.height = Math.round(photo.height * scale);
  canvas.getContext("2d").drawImage(photo, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  return new File([blob], file.name.replace(/\.\w+$/, ".jpg"), { type: "image/jpeg" });
}

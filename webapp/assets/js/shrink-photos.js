// A phone's photo is larger than a paper may be: it is made smaller here, before it is sent.
const LONGEST_SIDE = 2200; // pixels, enough to read a page of small print
const QUALITY = 0.82;

export function shrinkPhotos(document) {
  document.addEventListener("change", async ({ target }) => {
    if (!target.matches("input[type=file][data-shrink]")) return;
    const [file] = target.files;
    if (!file?.type.startsWith("image/") || file.size <= Number(target.dataset.shrink)) return;
    target.form.setAttribute("aria-busy", "true"); // not to be sent meanwhile
    try {
      const chosen = new DataTransfer();
      chosen.items.add(await shrunk(document, file));
      target.files = chosen.files;
    } finally {
      target.form.removeAttribute("aria-busy");
    }
  });
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

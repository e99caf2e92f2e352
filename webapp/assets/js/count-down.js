// What can still be undone counts down, and what became of it is fetched when that is over. Whoever has the page read
// out hears only the new state: its element stays the same.
const A_SECOND = 1000;

export function countDown(document) {
  const waits = () => document.querySelector("[data-look-again]");

  function begin() {
    if (!waits()) return;
    const ends = performance.now() + Number(waits().dataset.lookAgain) * A_SECOND;
    const timer = setInterval(() => {
      const left = Math.ceil((ends - performance.now()) / A_SECOND);
      if (left > 0) for (const shown of waits().querySelectorAll("[data-seconds]")) shown.textContent = left;
      else {
        clearInterval(timer);
        lookAgain();
      }
    }, A_SECOND / 4);
  }

  async function lookAgain() {
    const answer = await fetch(location.pathname).catch(() => null);
    const page = new DOMParser().parseFromString((await answer?.text()) ?? "", "text/html");
    const parts = [...document.querySelectorAll("[data-fresh]")];
    if (!parts.every((part) => page.getElementById(part.id))) return location.reload(); // it says what is wrong
    for (const part of parts) part.replaceChildren(...page.getElementById(part.id).childNodes);
    begin();
  }

  begin();
}

// The tooltips of what lies under an open dialog: the web view shows those of the system over everything, and the pointer may rest
// on what opened it.

let hideShown = () => {};

/** How the one that is shown now is hidden: without its element's word, the web view asks again once the pointer moves. */
export function onHide(hide: () => void): void {
  hideShown = hide;
}

/** Takes the tooltips off everything outside this box; what it returns puts them back. */
export function hideTooltips(outside: Element): () => void {
  const taken = [...document.querySelectorAll("[title]")]
    .filter((one) => !outside.contains(one) && one !== outside)
    .map((one) => ({ one, title: one.getAttribute("title") ?? "" }));
  for (const { one } of taken) one.removeAttribute("title");
  hideShown();
  return () => {
    for (const { one, title } of taken) {
      // one that was given another tooltip meanwhile keeps that
      if (!one.hasAttribute("title")) one.setAttribute("title", title);
    }
  };
}

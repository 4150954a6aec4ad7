"use strict";
// The page is whole without this: it adds filters, arrow keys in the matrix, and opens folds for print.
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // --- Arrow keys. One tab stop a matrix; without a script every cell is one.
  for (const table of all("table")) {
    const links = all("tbody a", table);
    links.forEach((link, index) => { link.tabIndex = index ? -1 : 0; });
    let current = links[0];
    const move = (link) => {
      if (!link) return;
      current.tabIndex = -1;
      current = link;
      link.tabIndex = 0;
      link.focus();
    };
    table.addEventListener("focusin", (event) => {
      const link = event.target.closest("tbody a");
      if (link && link !== current) { current.tabIndex = -1; current = link; link.tabIndex = 0; }
    });
    table.addEventListener("keydown", (event) => {
      const cell = event.target.closest("th, td");
      if (!cell || event.altKey || event.ctrlKey || event.metaKey) return;
      const shown = (element) => element.offsetParent !== null && element.querySelector("a");
      const along = (cells, from, step) => {
        for (let at = from + step; at >= 0 && at < cells.length; at += step) if (shown(cells[at])) return cells[at];
        return null;
      };
      const row = [...cell.parentElement.cells];
      const column = all("tbody tr:not([hidden])", table).map((line) => line.cells[cell.cellIndex]);
      const place = row.indexOf(cell);
      const aims = {
        ArrowRight: () => along(row, place, 1),
        ArrowLeft: () => along(row, place, -1),
        ArrowDown: () => along(column, column.indexOf(cell), 1),
        ArrowUp: () => along(column, column.indexOf(cell), -1),
        Home: () => along(row, -1, 1),
        End: () => along(row, row.length, -1),
      };
      if (!aims[event.key]) return;
      event.preventDefault();
      const aim = aims[event.key]();
      move(aim && aim.querySelector("a"));
    });
  }
  for (const hint of all(".keys")) hint.hidden = false;

  // --- A quote that a link leads to may lie in a fold.
  const unfold = () => {
    const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    const fold = target && target.closest("details");
    if (fold) fold.open = true;
  };
  addEventListener("hashchange", unfold);
  unfold();
  addEventListener("beforeprint", () => { for (const fold of all("details.alone")) fold.open = true; });

  // --- How many outlets lie to the right of what a matrix shows; the button leads there.
  for (const hint of all(".sideways")) {
    const region = hint.nextElementSibling;
    const button = hint.querySelector(".more");
    const heads = all("thead th[data-o]", region);
    const look = () => {
      const edge = region.getBoundingClientRect().right;
      const beyond = heads.filter((head) => !head.hidden && head.getBoundingClientRect().right > edge + 1).length;
      const fits = region.scrollWidth <= region.clientWidth + 1;
      hint.hidden = fits;
      button.hidden = !beyond;
      button.textContent = `${beyond} more ${beyond === 1 ? "outlet" : "outlets"} \u2192`;
    };
    button.addEventListener("click", () => {
      const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
      region.scrollBy({ left: region.clientWidth * 0.6, behavior: still ? "auto" : "smooth" });
    });
    region.addEventListener("scroll", look, { passive: true });
    addEventListener("resize", look, { passive: true });
    // After the filters are done: measuring in between would lay the page out twice.
    document.addEventListener("filtered", () => requestAnimationFrame(look));
    look();
  }

  // --- Filters.
  const form = document.getElementById("filters");
  if (!form) return;
  form.hidden = false;
  if (matchMedia("(max-width: 68rem)").matches) form.querySelector("details").open = false;
  const found = document.getElementById("found");
  const least = document.getElementById("least");
  const slider = document.getElementById("confidence");
  const lowest = slider ? Number(slider.min) : 0;
  const nothing = document.getElementById("nothing");
  const wholes = all(".whole");
  const neutral = all(".legend .told");
  const claims = all(".claim").map((block) => ({
    block,
    line: document.getElementById(`r${block.id}`),
    apart: [...all("[data-d]", block), ...all("[data-d]", document.getElementById(`r${block.id}`))]
      .map((element) => ({ element, on: element.dataset.d.split(" ").map(Number), differs: true })),
    sides: all("figure", block).map((side) => [side.dataset.o, side.dataset.l]),
    divergences: all(".div", block).map((item) => ({ item, kind: item.dataset.k, sure: Number(item.dataset.p), said: item.dataset.v || "not reviewed" })),
  }));
  const columns = all("thead th[data-o]").map((head) => ({
    outlet: head.dataset.o,
    languages: head.dataset.l.split(" "),
    cells: all("tr", head.closest("table")).map((line) => line.cells[head.cellIndex])
      .concat(all(`.silent [data-o="${head.dataset.o}"]`, head.closest("section"))),
  }));
  const said = all("main [data-l]:not(th)").map((element) => ({
    element, outlet: element.dataset.o, language: element.dataset.l,
  }));
  const show = (element, visible) => { if (element.hidden === visible) element.hidden = !visible; };
  const mark = {
    td: (cell, differs) => {
      // Not "reports": what sets it apart is only out of sight.
      cell.classList.toggle("d", differs);
      cell.classList.toggle("t", !differs);
      cell.querySelector("i").textContent = differs ? "differs" : "makes the claim";
    },
    figure: (quote, differs) => {
      quote.classList.toggle("differs", differs);
      show(quote.querySelector(".tag"), differs);
    },
    mark: (words, differ) => words.classList.toggle("off", !differ),
    bdi: show,
  };
  const ticked = (name) => new Set(all(`input[name=${name}]:checked`, form).map((box) => box.value));

  const apply = () => {
    const chosen = { outlet: ticked("outlet"), language: ticked("language"), kind: ticked("kind"), verdict: ticked("verdict") };
    const floor = slider ? Number(slider.value) : lowest;
    if (least) least.value = floor.toFixed(2);
    const isOutlet = (outlet) => !chosen.outlet.size || chosen.outlet.has(outlet);
    const isLanguage = (language) => !chosen.language.size || chosen.language.has(language);
    const isKind = (kind) => !chosen.kind.size || chosen.kind.has(kind);
    const isVerdict = (said) => !chosen.verdict.size || chosen.verdict.has(said);
    const narrowed = chosen.kind.size > 0 || chosen.verdict.size > 0 || floor > lowest;
    const filtered = narrowed || chosen.outlet.size > 0 || chosen.language.size > 0;
    for (const hint of wholes) show(hint, filtered);
    for (const word of neutral) show(word, narrowed);

    for (const { outlet, languages, cells } of columns) {
      const visible = isOutlet(outlet) && languages.some(isLanguage);
      for (const cell of cells) show(cell, visible);
    }
    for (const { element, outlet, language } of said) show(element, isOutlet(outlet) && isLanguage(language));

    let shown = 0;
    for (const { block, line, apart, sides, divergences } of claims) {
      const visible = divergences.map(({ kind, sure, said }) => isKind(kind) && isVerdict(said) && sure >= floor);
      const fits = (!narrowed || visible.includes(true))
        && sides.some(([outlet, language]) => isOutlet(outlet) && isLanguage(language));
      show(block, fits);
      show(line, fits);
      if (!fits) continue;
      shown += 1;
      divergences.forEach(({ item }, index) => show(item, visible[index]));
      // Cells, quotes and words differ by what is still shown; else they report.
      for (const one of apart) {
        const differs = one.on.some((index) => visible[index]);
        if (differs === one.differs) continue;
        one.differs = differs;
        mark[one.element.localName](one.element, differs);
      }
    }
    found.value = shown === claims.length
      ? `${shown} ${shown === 1 ? "claim" : "claims"}`
      : `${shown} of ${claims.length} claims`;
    nothing.hidden = shown > 0;
    document.dispatchEvent(new Event("filtered"));
  };
  // The state stands in the address, so that a link or a reload shows the same.
  const names = ["kind", "verdict", "language", "outlet"];
  const outletOf = Object.fromEntries(all("input[name=outlet]", form).map((box) => [box.value, box.dataset.id]));
  const write = () => {
    const address = new URL(location.href);
    for (const name of [...names, "confidence"]) address.searchParams.delete(name);
    for (const name of names) {
      for (const value of ticked(name)) address.searchParams.append(name, name === "outlet" ? outletOf[value] : value);
    }
    if (slider && Number(slider.value) > lowest) address.searchParams.set("confidence", slider.value);
    history.replaceState(history.state, "", address);
  };
  const read = () => {
    const asked = new URL(location.href).searchParams;
    for (const name of names) {
      const values = asked.getAll(name);
      if (!values.length) continue;
      for (const box of all(`input[name=${name}]`, form)) {
        box.checked = values.includes(name === "outlet" ? box.dataset.id : box.value);
      }
    }
    const least = Number(asked.get("confidence"));
    if (slider && least > lowest) slider.value = least;
  };
  form.addEventListener("input", () => { apply(); write(); });
  form.addEventListener("reset", () => setTimeout(() => { apply(); write(); }));
  form.addEventListener("submit", (event) => event.preventDefault());
  read();
  // A browser may bring back ticks when the page is loaded again.
  if (form.querySelector(":checked") || (slider && Number(slider.value) > lowest)) apply();
})();

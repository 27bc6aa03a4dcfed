// Everything is in the page already; this shows it where it is asked for. It makes no markup of text and asks no network.
(() => {
  "use strict";
  const root = document.documentElement;
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const report = one("#report"), panel = one("#panel"), body = one("#panel-body"), said = one("#said");
  const sentences = all("a.s", report), narrow = matchMedia("(max-width: 60rem)");
  let current = null, unfolded = false;

  root.classList.add("js");
  for (const each of all(".tools, .hint, .filter")) each.hidden = false;

  // one stop of the Tab key for the whole report; the arrows go from sentence to sentence
  sentences.forEach((each, place) => {
    each.setAttribute("role", "button");
    each.setAttribute("aria-expanded", "false");
    each.setAttribute("aria-controls", "panel");
    each.tabIndex = place ? -1 : 0;
    each.removeAttribute("href"); // of a link no words can be selected with the mouse
  });
  const stop = (sentence) => {
    for (const each of sentences) if (each.tabIndex === 0) each.tabIndex = -1;
    sentence.tabIndex = 0;
  };

  // a table that is wider than its place is scrolled with the arrows
  const widths = () => {
    for (const each of all(".wide", report)) {
      const wider = each.scrollWidth > each.clientWidth;
      for (const [name, value] of [["tabindex", "0"], ["role", "region"], ["aria-label", "表格"]]) {
        if (wider) each.setAttribute(name, value);
        else each.removeAttribute(name);
      }
    }
  };
  widths();
  addEventListener("resize", widths);

  const copy = (node) => {
    const copied = node.cloneNode(true);
    for (const each of [copied, ...all("[id], [tabindex]", copied)]) {
      each.removeAttribute("id");
      each.removeAttribute("tabindex");
    }
    return copied;
  };
  const unpick = () => all(".picked").forEach((each) => each.classList.remove("picked"));

  // `what` is the number of a quantity or of a finding that was pointed at: data-q or data-f
  const show = (sentence, what) => {
    const entry = document.getElementById("e-" + sentence.dataset.s);
    if (!entry) return;
    for (const each of all('a.s[aria-expanded="true"]', report)) each.setAttribute("aria-expanded", "false");
    for (const each of all(`a.s[data-s="${sentence.dataset.s}"]`, report)) each.setAttribute("aria-expanded", "true");
    unpick();
    current = sentence;
    stop(sentence);
    body.replaceChildren(...[...entry.children].map(copy));
    const passages = entry.dataset.part && document.getElementById("part-" + entry.dataset.part);
    if (passages) {
      const folded = document.createElement("details"), summary = document.createElement("summary");
      summary.textContent = one(".modelled", body).textContent;
      folded.append(summary, copy(passages));
      folded.open = unfolded;
      folded.addEventListener("toggle", () => (unfolded = folded.open));
      one(".modelled", body).replaceWith(folded);
    }
    panel.hidden = false;
    panel.scrollTop = 0;
    said.textContent = one(".said", entry).textContent;
    if (what) pick(sentence, what);
    if (narrow.matches) sentence.scrollIntoView({ block: "nearest" });
  };
  const pick = (sentence, { name, number }) => {
    const row = one(`[data-${name}="${number}"]`, body);
    if (!row) return;
    row.classList.add("picked");
    for (const each of all(`[data-${name}="${number}"]`, sentence)) each.classList.add("picked");
    for (const fact of (row.dataset.facts || "").split(" ").filter(Boolean)) {
      one(`.fact[data-fact="${fact}"]`, body)?.classList.add("picked");
    }
    row.scrollIntoView({ block: "nearest" });
  };
  const close = () => {
    if (panel.hidden) return;
    const back = panel.contains(document.activeElement) || document.activeElement === document.body;
    panel.hidden = true;
    said.textContent = "";
    unpick();
    for (const each of all('a.s[aria-expanded="true"]', report)) each.setAttribute("aria-expanded", "false");
    if (back && current) current.focus({ preventScroll: true });
  };

  const pointed = (target) => {
    const at = target.closest("[data-q], sup[data-f]");
    if (!at) return null;
    return at.dataset.q !== undefined ? { name: "q", number: at.dataset.q } : { name: "f", number: at.dataset.f };
  };

  // every link of the page leads to a place in it
  const go = (id) => {
    const target = document.getElementById(id);
    if (!target) return;
    for (let each = target.parentElement; each; each = each.parentElement) if (each.tagName === "DETAILS") each.open = true;
    const sentence = target.closest("a.s");
    if (sentence) {
      stop(sentence);
      sentence.focus({ preventScroll: true });
      show(sentence, id.startsWith("at-") ? { name: "f", number: id.slice(3) } : null);
      target.scrollIntoView({ block: "center" });
    } else {
      if (target.classList.contains("finding")) {
        target.hidden = false;
        mark(target);
      }
      if (narrow.matches) close();
      target.scrollIntoView({ block: target.offsetHeight > innerHeight / 2 ? "start" : "center" });
      if (target.tabIndex < 0 && !target.hasAttribute("tabindex")) target.tabIndex = -1;
      target.focus({ preventScroll: true });
    }
  };
  const mark = (finding) => {
    for (const each of all(".finding.current")) each.classList.remove("current");
    finding?.classList.add("current");
    const list = one("#findings");
    if (finding && !narrow.matches) list.scrollTop = finding.offsetTop - list.offsetTop - 48;
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.s, a[href^='#']");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (link.classList.contains("s")) {
      if (getSelection().toString() && event.detail) return; // words are being selected
      const what = pointed(event.target);
      if (link.getAttribute("aria-expanded") === "true" && !what) close();
      else show(link, what);
      const place = event.target.closest("sup[data-f], .f");
      const found = place?.matches("sup") ? place : place && one("sup[data-f]", place);
      if (found) mark(document.getElementById("finding-" + found.dataset.f));
    } else {
      const id = link.hash.slice(1);
      if (id.startsWith("at-")) mark(document.getElementById("finding-" + id.slice(3)));
      go(id);
    }
  });
  const moves = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, Home: -Infinity, End: Infinity };
  report.addEventListener("keydown", (event) => {
    const place = sentences.indexOf(document.activeElement);
    if (place < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === " " || event.key === "Enter") {
      event.preventDefault();
      document.activeElement.click();
    } else if (event.key in moves) {
      event.preventDefault();
      const next = sentences[Math.max(0, Math.min(sentences.length - 1, place + moves[event.key]))];
      stop(next);
      next.focus();
      if (!panel.hidden) show(next);
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
  one("#close").addEventListener("click", () => {
    close();
    current?.focus({ preventScroll: true });
  });

  // the next finding in the text, from where the reader is
  const places = all("sup[data-f]", report);
  const step = (by) => {
    if (!places.length) return;
    const now = places.findIndex((each) => each.classList.contains("here"));
    const next = places[(now + by + places.length + (now < 0 && by < 0 ? 1 : 0)) % places.length];
    for (const each of places) each.classList.toggle("here", each === next);
    mark(document.getElementById("finding-" + next.dataset.f));
    go(next.id);
  };
  one("#next").addEventListener("click", () => step(1));
  one("#previous").addEventListener("click", () => step(-1));
  one("#next").disabled = one("#previous").disabled = !places.length;
  for (const tick of all(".tick")) tick.addEventListener("click", () => go("at-" + tick.dataset.f));

  for (const button of all("[data-show]")) {
    button.addEventListener("click", () => {
      const shown = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(shown));
      for (const each of all(".finding." + button.dataset.show)) each.hidden = !shown;
    });
  }
  one("#marks").addEventListener("click", (event) => {
    const clean = root.classList.toggle("clean");
    event.currentTarget.setAttribute("aria-pressed", String(!clean));
  });
  one("#proof").addEventListener("change", (event) => root.classList.toggle("with-proof", event.target.checked));
  one("#print").addEventListener("click", () => print());
  if (location.hash) go(location.hash.slice(1));
})();

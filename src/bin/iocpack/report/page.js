
"use strict";
(() => {
  const root = document.documentElement;
  const $ = (id) => document.getElementById(id);
  const all = (query, from = document) => [...from.querySelectorAll(query)];
  root.classList.add("js");

  // Rows: type, fate, value, count, mark, line, reason, sentence, id,
  // certainty, why, notes. Parsed when first needed: it may be large.
  const FATES = ["kept", "held", "rejected"];
  const LABELS = ["to send", "held", "rejected"];
  const HASHES = ["md5", "sha1", "sha256", "hash"];
  let parsed;
  const data = () => (parsed ??= JSON.parse($("data").textContent));

  const grouped = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, ",");

  // As the command defangs; held and rejected values come defanged.
  const defang = (type, value) => {
    if (HASHES.includes(type)) return value;
    if (type === "ipv6") return value.replace(":", "[:]");
    if (type !== "url") return value.replaceAll(".", "[.]");
    const [, scheme, host, rest] = /^(\w+):\/\/([^/?#]*)(.*)$/s.exec(value);
    const cut = { http: "hxxp", https: "hxxps", ftp: "fxp" }[scheme];
    return `${cut}://${host.replaceAll(".", "[.]")}${rest}`;
  };
  const shown = (item) =>
    item[1] === 0 ? defang(item[0], item[2]) : item[2];

  const make = (name, attributes, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      element.setAttribute(key, value);
    }
    element.append(...children);
    return element;
  };

  const say = (text) => {
    $("say").textContent = text;
    $("say").classList.add("on");
    clearTimeout(say.timer);
    say.timer = setTimeout(() => $("say").classList.remove("on"), 2500);
  };

  // Theme: what the system says, or one of the two.
  const themes = ["auto", "light", "dark"];
  $("theme").addEventListener("click", () => {
    const next = themes[(themes.indexOf(root.dataset.theme ?? "auto") + 1) % 3];
    root.dataset.theme = next;
    $("theme").textContent = `Theme: ${next}`;
  });

  // Filters: a class on the root for each that is off; the style does the
  // rest. Marks that are off are not stops of the Tab key.
  const off = new Set();
  const isOff = (element) => {
    if (off.size === 0) return false;
    const classes = element.classList;
    if (classes.contains("rejected")) return off.has("rejected");
    return [...off].some((name) => classes.contains(name));
  };
  const marks = all("mark");
  for (const chip of all(".chip")) {
    chip.addEventListener("click", () => {
      const name = chip.dataset.f;
      const on = off.delete(name);
      if (!on) off.add(name);
      chip.setAttribute("aria-pressed", String(on));
      root.classList.toggle(`off-${name}`, !on);
      for (const mark of marks) {
        if (mark.classList.contains(name)) {
          mark.tabIndex = isOff(mark) ? -1 : 0;
        }
      }
      hide();
      say(`${chip.firstChild.data.trim()} ${on ? "shown" : "hidden"}`);
    });
  }

  // Details of a mark.
  const tip = $("tip");
  let tipped = null;
  const facts = (index, list) => {
    const item = data().items[index];
    const [type, fate, , count, , line, code, why, id, sure, reasons, notes] =
      item;
    const fact = (name, ...value) =>
      list.append(make("dt", {}, name), make("dd", {}, ...value));
    list.append(
      make(
        "p",
        { class: "what" },
        make("span", { class: `t ${type}` }, type),
        make("span", { class: `pill ${FATES[fate]}` }, LABELS[fate]),
      ),
      make("p", { class: "value" }, shown(item)),
    );
    if (code) fact(fate === 1 ? "Held" : "Rejected", make("b", {}, code), " ", why);
    if (id) {
      fact("VirusTotal id", make("code", {}, id), ` ${sure}`);
      if (reasons) fact("Why " + sure, reasons);
    } else if (fate < 2) {
      fact("VirusTotal id", "the value itself");
    }
    if (notes) fact("Notes", notes);
    const times = count === 1 ? "once" : `${grouped(count)} times`;
    fact("Seen", `${times}, first in line ${grouped(line)}`);
  };
  const place = (mark) => {
    const box = mark.getClientRects()[0];
    const top = $("bar").getBoundingClientRect().bottom;
    if (!box || box.bottom < Math.max(0, top) || box.top > innerHeight) {
      tip.hidden = true;
      return;
    }
    tip.hidden = false;
    const { offsetWidth: width, offsetHeight: height } = tip;
    const left = Math.min(box.left, innerWidth - width - 12);
    const below = box.bottom + 6;
    const fits = below + height < innerHeight;
    tip.style.left = `${Math.max(12, left)}px`;
    tip.style.top = `${fits ? below : Math.max(6, box.top - height - 6)}px`;
  };
  const show = (mark) => {
    clearTimeout(hide.timer);
    if (mark === tipped || isOff(mark)) return;
    hide();
    tip.replaceChildren(
      ...mark.dataset.i.split(" ").map((index) => {
        const list = make("dl", {});
        facts(index, list);
        return list;
      }),
    );
    tip.hidden = false;
    tipped = mark;
    place(mark);
    mark.setAttribute("aria-describedby", "tip");
  };
  function hide() {
    clearTimeout(hide.timer);
    tip.hidden = true;
    tipped?.removeAttribute("aria-describedby");
    tipped = null;
  }
  const markOf = (event) =>
    event.target instanceof Element ? event.target.closest("mark") : null;
  document.addEventListener("pointerover", (event) => {
    const mark = markOf(event);
    if (mark) show(mark);
    else if (event.target.closest?.("#tip")) clearTimeout(hide.timer);
    else if (tipped && tipped !== document.activeElement) {
      clearTimeout(hide.timer);
      hide.timer = setTimeout(hide, 200);
    }
  });
  document.addEventListener("focusin", (event) => {
    const mark = markOf(event);
    if (mark) show(mark);
    else hide();
  });
  document.addEventListener("focusout", (event) => {
    if (markOf(event) === tipped) hide();
  });
  document.addEventListener("scroll", () => tipped && place(tipped), {
    passive: true,
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
    const mark = markOf(event);
    if (mark && event.key === "Enter") toRow(mark);
  });
  document.addEventListener("click", (event) => {
    const mark = markOf(event);
    if (mark && !isOff(mark) && getSelection().isCollapsed) toRow(mark);
  });

  // From a mark to its row in the lists. The row is made if need be.
  const flash = (element) => {
    element.classList.remove("flash");
    void element.offsetWidth;
    element.classList.add("flash");
  };
  const go = (element) => {
    element.scrollIntoView({ block: "center" });
    element.focus({ preventScroll: true });
    flash(element);
  };
  const toRow = (mark) => {
    const index = Number(mark.dataset.i.split(" ")[0]);
    const fate = FATES[data().items[index][1]];
    while (!$(`i${index}`) && more(fate)) {}
    const row = $(`i${index}`);
    if (row) go(row);
  };
  const arrive = () => {
    const target = $(location.hash.slice(1));
    if (target?.matches("mark, tr")) go(target);
  };
  addEventListener("hashchange", arrive);
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href^='#m']");
    if (!link) return;
    // The same link twice changes no hash.
    const target = $(link.getAttribute("href").slice(1));
    if (target) {
      event.preventDefault();
      history.replaceState(null, "", link.getAttribute("href"));
      go(target);
      current = marks.indexOf(target);
      count();
    }
  });

  // Steps. Where to start is where the reader is.
  let current = -1;
  const count = () => {
    $("at").textContent =
      current < 0
        ? `${grouped(marks.length)}`
        : `${grouped(current + 1)} / ${grouped(marks.length)}`;
  };
  const step = (by) => {
    let at = current;
    do at += by;
    while (at >= 0 && at < marks.length && isOff(marks[at]));
    if (at < 0 || at >= marks.length) {
      say(by > 0 ? "no mark below" : "no mark above");
      return;
    }
    current = at;
    go(marks[at]);
    count();
  };
  $("next").addEventListener("click", () => step(1));
  $("prev").addEventListener("click", () => step(-1));
  document.addEventListener("focusin", (event) => {
    const mark = markOf(event);
    if (mark) {
      current = marks.indexOf(mark);
      count();
    }
  });
  count();

  // The strip is one stop of the Tab key; arrows move within it.
  const cells = all("#strip a");
  cells.forEach((cell, at) => {
    cell.setAttribute("tabindex", at === 0 ? "0" : "-1");
    cell.addEventListener("keydown", (event) => {
      const to = {
        ArrowLeft: at - 1,
        ArrowRight: at + 1,
        Home: 0,
        End: cells.length - 1,
      }[event.key];
      if (to === undefined || !cells[to]) return;
      event.preventDefault();
      for (const cell of cells) cell.setAttribute("tabindex", "-1");
      cells[to].setAttribute("tabindex", "0");
      cells[to].focus();
    });
  });

  // Where in the strip the reader is.
  let due = false;
  const locate = () => {
    due = false;
    const y = $("bar").getBoundingClientRect().bottom + 24;
    const at = document.elementFromPoint(innerWidth / 2, y);
    const block = at?.closest(".b");
    let x = -20;
    if (block) {
      // Within the block by the share of its height.
      const box = block.getBoundingClientRect();
      const start = Number(block.dataset.c);
      const end = Number(block.nextElementSibling?.dataset.c ?? 120);
      x = 10 * (start + ((end - start) * (y - box.top)) / box.height) - 5;
    }
    $("here").setAttribute("x", x.toFixed(1));
  };
  const soon = () => {
    if (!due) requestAnimationFrame(locate);
    due = true;
  };
  addEventListener("scroll", soon, { passive: true });
  addEventListener("resize", soon);
  soon();

  // The lists: rows that the page does not hold yet.
  const row = (index, item) => {
    const [type, fate, , times, mark, line, code, why, id, sure, , notes] =
      item;
    const value = make("td", { class: "v" }, shown(item));
    for (const note of notes?.split(", ") ?? []) {
      if (note && note !== "defanged") {
        value.append(" ", make("small", {}, note));
      }
    }
    const last = make("td", { class: "r" });
    if (code) last.append(make("b", {}, code), " ", why);
    else if (id) {
      last.append(make("code", {}, id), " ", make("small", {}, sure));
    } else last.append(make("span", { class: "same" }, "the value"));
    const where =
      mark < 0
        ? grouped(line)
        : make("a", { href: `#m${mark}` }, grouped(line));
    return make(
      "tr",
      { id: `i${index}`, class: type, tabindex: "-1" },
      make("td", {}, make("span", { class: `t ${type}` }, type)),
      value,
      make("td", { class: "n" }, grouped(times)),
      make("td", { class: "n" }, where),
      last,
    );
  };
  const cursors = {};
  const more = (fate) => {
    const note = document.querySelector(`.more[data-fate=${fate}]`);
    if (!note || note.hidden) return false;
    const body = document.querySelector(`#${fate} tbody`);
    const items = data().items;
    let left = 1000;
    let at = cursors[fate] ?? Number(body.lastElementChild.id.slice(1)) + 1;
    const rows = [];
    for (; at < items.length && left > 0; at++) {
      if (FATES[items[at][1]] !== fate) continue;
      rows.push(row(at, items[at]));
      left--;
    }
    cursors[fate] = at;
    body.append(...rows);
    const total = Number(note.dataset.total);
    const shown = body.childElementCount;
    note.firstElementChild.textContent =
      `The first ${grouped(shown)} of ${grouped(total)}.`;
    note.hidden = shown >= total;
    return true;
  };
  for (const button of all(".more button")) {
    button.addEventListener("click", () =>
      more(button.parentElement.dataset.fate),
    );
  }

  // Copying. A page from a file may lack the newer way.
  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const area = make("textarea", { class: "away" });
      area.value = text;
      document.body.append(area);
      area.select();
      const done = document.execCommand("copy");
      area.remove();
      return done;
    }
  };
  const wanted = () =>
    data().items.filter((item) => item[1] === 0 && !off.has(item[0]));
  const texts = {
    list: () => wanted().map((item) => item[2]),
    defanged: () => wanted().map(shown),
    payload: () => [data().payload],
  };
  for (const button of all("[data-copy]")) {
    button.addEventListener("click", async () => {
      const lines = texts[button.dataset.copy]();
      const done = await copy(lines.join("\n") + "\n");
      const what =
        button.dataset.copy === "payload"
          ? "the payload"
          : `${grouped(lines.length)} value${lines.length === 1 ? "" : "s"}`;
      say(done ? `Copied ${what}` : "The browser refused to copy");
    });
  }
  arrive();
})();

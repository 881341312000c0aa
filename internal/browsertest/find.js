() => {
  // Finds things on a page by what a reader sees. Each function answers {Text} or {Error}.
  const clean = (s) => (s || "").replace(/\s+/g, " ").trim();
  const shown = (e) => e.getClientRects().length > 0 && getComputedStyle(e).visibility !== "hidden";
  const selectors = {
    button: "button, input[type=submit], [role=button]",
    link: "a[href]",
    summary: "summary",
  };

  // nameOf gives the words of an element as they are read, hidden ones included.
  const nameOf = (e) => clean(e.getAttribute("aria-label") || e.value || e.textContent);

  const best = (candidates, words) =>
    candidates.find((e) => nameOf(e) === words || clean(e.innerText) === words) ||
    candidates.find((e) => nameOf(e).startsWith(words)) ||
    candidates.find((e) => nameOf(e).includes(words));

  const where = (role, words) => {
    const candidates = [...document.querySelectorAll(selectors[role])].filter(shown);
    const e = best(candidates, words);
    if (!e) {
      return { X: 0, Y: 0, Error: `no ${role} "${words}"; there are: ${candidates.map(nameOf).join(" | ")}` };
    }
    e.scrollIntoView({ block: "center", behavior: "instant" });
    const r = e.getClientRects()[0];
    const x = r.left + r.width / 2;
    const y = r.top + r.height / 2;
    const hit = document.elementFromPoint(x, y);
    if (!hit || !(e.contains(hit) || hit.contains(e))) {
      return { X: 0, Y: 0, Error: `${role} "${words}" is covered` };
    }
    return { X: x, Y: y, Error: "" };
  };

  // labelText leaves the mark of optional fields out.
  const labelText = (l) => {
    const copy = l.cloneNode(true);
    copy.querySelectorAll(".optional").forEach((o) => o.remove());
    return clean(copy.textContent);
  };

  const field = (label) => {
    const labels = [...document.querySelectorAll("label")].filter(shown);
    const l = labels.find((l) => labelText(l) === label) || labels.find((l) => labelText(l).startsWith(label));
    return l && l.control;
  };

  const noField = (label) => ({
    Text: "",
    Error: `no field "${label}"; there are: ${[...document.querySelectorAll("label")].map(labelText).join(" | ")}`,
  });
  const done = (text) => ({ Text: text || "", Error: "" });

  return {
    where,
    focusField: (label) => {
      const f = field(label);
      if (!f) return noField(label);
      f.scrollIntoView({ block: "center", behavior: "instant" });
      f.focus();
      if (f.select) f.select();
      return done();
    },
    choose: (label, option) => {
      const f = field(label);
      if (!f) return noField(label);
      const o = [...f.options].find((o) => clean(o.text) === option) || [...f.options].find((o) => clean(o.text).startsWith(option));
      if (!o) return { Text: "", Error: `"${label}" has no "${option}"; it has: ${[...f.options].map((o) => clean(o.text)).join(" | ")}` };
      f.value = o.value;
      f.dispatchEvent(new Event("input", { bubbles: true }));
      f.dispatchEvent(new Event("change", { bubbles: true }));
      return done();
    },
    check: (label, on) => {
      const f = field(label);
      if (!f) return noField(label);
      f.scrollIntoView({ block: "center", behavior: "instant" });
      if (f.checked !== on) f.click();
      return done();
    },
    value: (label) => {
      const f = field(label);
      return f ? done(f.value) : noField(label);
    },
    focused: () => {
      const e = document.activeElement;
      return done(e ? e.tagName.toLowerCase() + " " + (e.id ? "#" + e.id + " " : "") + nameOf(e).slice(0, 80) : "");
    },
    text: () => done(clean(document.body.innerText)),
    textOf: (selector) => {
      const e = document.querySelector(selector);
      return e ? done(clean(e.innerText)) : { Text: "", Error: `nothing matches ${selector}` };
    },
    sideways: () => {
      const wide = document.documentElement.clientWidth;
      if (document.documentElement.scrollWidth <= wide) return done();
      const out = [...document.body.querySelectorAll("*")]
        .filter((e) => shown(e) && e.getBoundingClientRect().right > wide + 1 && getComputedStyle(e).position !== "absolute")
        .slice(0, 8)
        .map((e) => e.tagName.toLowerCase() + (e.className && e.className.baseVal === undefined ? "." + e.className : "") + " " + Math.round(e.getBoundingClientRect().right));
      return done(`${document.documentElement.scrollWidth} > ${wide}: ${out.join(", ")}`);
    },
    small: () => {
      const targets = [...document.querySelectorAll("button, summary, input:not([type=hidden]), select, textarea, a.button")].filter(shown);
      const bad = targets.filter((e) => {
        const r = e.getBoundingClientRect();
        return r.width > 1 && (r.width < 24 || r.height < 24) && !(e.labels && [...e.labels].some((l) => l.getBoundingClientRect().height >= 24));
      });
      return done(bad.map((e) => `${e.tagName.toLowerCase()} "${nameOf(e)}"`).join(", "));
    },
  };
}

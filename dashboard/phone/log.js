// The log on a phone. Every tap is written on the phone first, sent with an id and its time, and dropped once the
// server has acknowledged it. What is asked and every sentence come from the page (see log_document.py).
"use strict";
(() => {
  const schema = JSON.parse(document.getElementById("schema").textContent);
  const text = schema.text;
  const parameters = new URLSearchParams(location.search);
  const runner = parameters.get("runner");
  const DAY_MS = 86400000;
  const SEND_WAIT_MS = 10000;
  const RETRY_MS = [2000, 5000, 15000, 60000];

  // What is known: the server's answer, taps not yet acknowledged, and how the page stands.
  let state = null;
  let queue = [];
  let chosen = null; // the day being filled in, null for today
  let draft = null; // the first of two taps: {date, score}
  let changing = null;
  let own = []; // taps of this phone that can be undone, newest last: {id, date}
  let skipped = []; // runs that were asked about first and put off
  let signs = [];
  let run = null;
  let passed = 0; // questions of that run that were passed over
  let contact = "unknown"; // "ok", "away", "removed"
  let sending = false;
  let failures = 0;
  let timer = null;
  let message = "";
  let isStored = true;
  const opened = {};
  const typed = {};

  // ---- the phone's own storage -----------------------------------------------------------------------------------
  const database = new Promise((resolve) => {
    if (!("indexedDB" in window)) return resolve(null);
    let request;
    try {
      request = indexedDB.open("heelwise-log" + (runner ? "-" + runner : ""), 1);
    } catch {
      return resolve(null);
    }
    request.onupgradeneeded = () => {
      request.result.createObjectStore("queue", { keyPath: "id" });
      request.result.createObjectStore("meta");
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => resolve(null);
  });

  async function stored(store, mode, act) {
    const db = await database;
    if (!db) {
      isStored = false;
      return undefined;
    }
    return new Promise((resolve) => {
      let request;
      try {
        const transaction = db.transaction(store, mode);
        request = act(transaction.objectStore(store));
        if (mode === "readwrite" && transaction.commit) transaction.commit(); // before the page can go away
        transaction.oncomplete = () => resolve(request.result);
        transaction.onabort = transaction.onerror = () => {
          isStored = false;
          resolve(undefined);
        };
      } catch {
        isStored = false;
        resolve(undefined);
      }
    });
  }

  const remember = (name, value) => stored("meta", "readwrite", (one) => one.put(value, name));
  const recall = (name) => stored("meta", "readonly", (one) => one.get(name));

  // ---- days and words ----------------------------------------------------------------------------------------------
  const twoDigits = (number) => String(number).padStart(2, "0");
  const dateOf = (when) =>
    `${when.getFullYear()}-${twoDigits(when.getMonth() + 1)}-${twoDigits(when.getDate())}`;
  const today = () => dateOf(new Date());
  const atNoon = (day) => new Date(day + "T12:00:00");
  const daysBefore = (day, count) => dateOf(new Date(atNoon(day).getTime() - count * DAY_MS));
  const inWords = (day, options) => new Intl.DateTimeFormat("en-GB", options).format(atNoon(day));
  const longDay = (day) => inWords(day, { weekday: "long", day: "numeric", month: "short" });
  const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const questionOf = (field) => schema.questions.find((one) => one.field === field);
  const groupOf = (name) => schema.questions.filter((one) => one.group === name);
  const labelOf = (field, value) => {
    const option = questionOf(field).options.find((one) => one[0] === value);
    return option ? option[1] : String(value);
  };

  // ---- what stands, with the taps that the server has not seen yet -----------------------------------------------
  function waiting() {
    const undone = new Set(queue.filter((one) => one.kind === "undo").map((one) => one.value.of));
    return queue.filter((one) => !undone.has(one.id) && !one.problem);
  }

  function dayNow(day) {
    const known = state && state.today === day && state.entry ? state.entry : null;
    const days = state ? state.days : [];
    const now = {
      values: { ...(known ? known.values : {}) },
      words: known ? known.words : [],
      isSeveral: Boolean(known && known.is_several),
      isMorning: days.some((one) => one.date === day && one.is_logged) || Boolean(known && known.is_morning),
      waiting: 0,
    };
    for (const one of waiting()) {
      if (one.date !== day || !["morning", "none", "same", "answer"].includes(one.kind)) continue;
      now.waiting += 1;
      now.isMorning = now.isMorning || one.kind !== "answer" || "morning_pain_0_10" in one.value;
      if (one.kind === "morning" || one.kind === "answer") Object.assign(now.values, one.value);
      if (one.kind === "none") {
        Object.assign(now.values, { morning_stiffness_0_10: 0, morning_stiffness_band: "0", morning_pain_0_10: 0 });
      }
    }
    return now;
  }

  function runsNow() {
    const runs = ((state && state.runs) || []).map((one) => ({ ...one, values: { ...one.values } }));
    for (const one of waiting()) {
      const of = one.kind === "run" && runs.find((other) => other.id === one.value.activity_id);
      if (of) Object.assign(of.values, one.value);
    }
    return runs;
  }

  // ---- taps ----------------------------------------------------------------------------------------------------------
  function newId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");
  }

  function tap(kind, date, value = {}, show = draw) {
    const one = { id: newId(), kind, date, tapped: Date.now(), value, whose: state ? state.whose : null };
    queue.push(one);
    stored("queue", "readwrite", (place) => place.put(one)).then(() => send());
    if (kind !== "undo" && kind !== "sign") own.push({ id: one.id, date });
    remember("own", own.slice(-50));
    message = "";
    show();
    return one;
  }

  function drop(ids) {
    queue = queue.filter((one) => !ids.includes(one.id));
    return Promise.all(ids.map((id) => stored("queue", "readwrite", (place) => place.delete(id))));
  }

  function undo(day) {
    const last = own.filter((one) => one.date === day).pop();
    if (!last) return;
    own = own.filter((one) => one !== last);
    remember("own", own);
    const unsent = queue.find((one) => one.id === last.id && !one.attempted);
    if (unsent) {
      drop([last.id]);
      message = text.UNDONE;
      draw();
    } else {
      tap("undo", day, { of: last.id });
      message = text.UNDONE;
    }
  }

  function setDraft(value) {
    draft = value;
    remember("draft", value);
  }

  // ---- delivery ------------------------------------------------------------------------------------------------------
  async function ask(path, body) {
    const stop = new AbortController();
    const limit = setTimeout(() => stop.abort(), SEND_WAIT_MS);
    const query = new URLSearchParams({ today: today(), ...(runner ? { runner } : {}) });
    try {
      const answer = await fetch(`${path}?${query}`, {
        method: body ? "POST" : "GET",
        headers: body ? { "Content-Type": "application/json" } : {},
        body: body && JSON.stringify(body),
        credentials: "same-origin",
        cache: "no-store",
        signal: stop.signal,
      });
      if (answer.status === 401 || answer.status === 403) {
        contact = "removed";
        state = null;
        own = [];
        remember("state", null);
        return null;
      }
      if (!answer.ok) throw new Error(String(answer.status));
      contact = "ok";
      failures = 0;
      return await answer.json();
    } catch {
      contact = "away";
      failures += 1;
      return null;
    } finally {
      clearTimeout(limit);
    }
  }

  function take(answer) {
    state = answer;
    remember("state", state);
    for (const one of queue) {
      if (!one.whose) one.whose = state.whose;
    }
  }

  async function send() {
    if (sending) return;
    sending = true;
    clearTimeout(timer);
    const whose = state && state.whose;
    if (!state || state.today !== today()) {
      const answer = await ask("/phone/state");
      if (answer) take(answer);
    }
    if (state && whose && state.whose !== whose) own = [];
    const due = state ? queue.filter((one) => !one.problem && one.whose === state.whose).slice(0, 100) : [];
    let answer = null;
    if (due.length) {
      due.forEach((one) => (one.attempted = true));
      await Promise.all(due.map((one) => stored("queue", "readwrite", (place) => place.put(one))));
      answer = await ask("/phone/entries", { entries: due });
      if (answer) await settle(answer);
    }
    sending = false;
    redraw();
    const left = queue.some((one) => !one.problem && (!state || one.whose === state.whose));
    if (answer && left) send();
    else if (contact === "away" && (left || !state)) {
      timer = setTimeout(send, RETRY_MS[Math.min(failures - 1, RETRY_MS.length - 1)]);
    }
  }

  async function settle(answer) {
    await drop(answer.taken);
    for (const one of queue) {
      const sentence = answer.refused[one.id] || answer.asked[one.id];
      if (!sentence) continue;
      one.problem = answer.asked[one.id] ? "asked" : "refused";
      one.sentence = sentence;
      await stored("queue", "readwrite", (place) => place.put(one));
    }
    if (answer.taken.length && !message) message = text.SENT;
    take(answer.state);
  }

  // One socket while the page is seen: it says when the record has changed, and the server closes it when the phone is
  // removed, so that nothing of the runner stays on the screen.
  let watch = null;
  function keepWatch() {
    if (watch || document.visibilityState !== "visible" || contact !== "ok") return;
    const address = new URL("/phone/watch" + (runner ? "?runner=" + encodeURIComponent(runner) : ""), location.href);
    address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    try {
      watch = new WebSocket(address);
    } catch {
      return; // the page asks once a minute
    }
    watch.onmessage = refresh;
    watch.onclose = () => {
      watch = null;
      if (document.visibilityState === "visible") refresh();
    };
  }

  function refresh() {
    if (document.visibilityState !== "visible") {
      if (watch) watch.close();
      return;
    }
    if (state && contact === "ok" && !queue.length) {
      ask("/phone/state").then((answer) => {
        if (answer) take(answer);
        redraw();
      });
    } else send();
  }

  function tick() {
    refresh();
    keepWatch();
  }

  // ---- drawing -------------------------------------------------------------------------------------------------------
  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value === null || value === undefined || value === false) continue;
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children.filter((one) => one !== null && one !== undefined && one !== false));
    return element;
  }

  const button = (key, label, onclick, more = {}) =>
    make("button", { type: "button", "data-key": key, onclick, ...more }, label);

  function taps(key, label, options, now, choose) {
    const buttons = options.map(([value, name]) =>
      button(`${key}:${value}`, name, () => choose(value === now ? null : value), {
        "aria-pressed": String(value === now),
      }));
    return make("div", { role: "group", "aria-label": label },
      make("span", {}, label), make("div", { class: "taps" }, ...buttons));
  }

  function drawDayQuestions(day, fields, now) {
    return fields
      .filter((one) => !one.follows || now.values[one.follows])
      .map((one) => one.options.length
        ? taps(`${one.field}:${day}`, one.label, one.options, now.values[one.field],
          (value) => tap("answer", day, { [one.field]: value }))
        : drawNote(day, one, now));
  }

  function drawNote(day, one, now) {
    const key = `${one.field}:${day}`;
    const save = (event) => {
      delete typed[key];
      const value = event.target.value.trim() || null;
      // Drawn a moment later: the press that ends the typing is on its way to a button that must still be there.
      if (value !== (now.values[one.field] || null)) {
        tap("answer", day, { [one.field]: value }, () => setTimeout(redraw, 400));
      }
    };
    const field = make("input", {
      "data-key": key, maxlength: schema.longest_note, autocomplete: "off", onchange: save,
      oninput: (event) => (typed[key] = event.target.value),
    });
    field.value = key in typed ? typed[key] : now.values[one.field] || "";
    return make("label", {}, one.label, field);
  }

  function drawMorning(day, now) {
    const isToday = day === today();
    if (now.isMorning && changing !== day) return drawLogged(day, now, isToday);
    const [stiffness, minutes] = groupOf("morning");
    const score = draft && draft.date === day ? draft.score : null;
    const when = isToday ? text.THIS_MORNING : `on the morning of ${longDay(day)}`;
    const hasBefore = state ? dayNow(daysBefore(day, 1)).isMorning : false;
    const done = () => {
      setDraft(null);
      changing = null;
    };
    const choose = (value) => {
      if (value === 0) {
        done();
        tap("morning", day, { morning_stiffness_0_10: 0, morning_stiffness_band: "0" });
        return;
      }
      setDraft(value === null ? null : { date: day, score: value });
      draw();
    };
    return [
      taps(`stiffness:${day}`, fill(stiffness.label, { when }), stiffness.options, score, choose),
      score ? taps(`minutes:${day}`, minutes.label, minutes.options, null, (band) => {
        done();
        tap("morning", day, { morning_stiffness_0_10: score, morning_stiffness_band: band });
      }) : null,
      make("div", { class: "taps" },
        changing === day && button("leave", text.LEAVE, () => {
          done();
          draw();
        }),
        button("none", isToday ? text.NONE_TODAY : text.NONE_THAT_DAY, () => {
          done();
          tap("none", day);
        }),
        hasBefore && button("same", isToday ? text.SAME_AS_YESTERDAY : text.SAME_AS_DAY_BEFORE, () => {
          done();
          tap("same", day);
        })),
    ];
  }

  function drawLogged(day, now, isToday) {
    const isUndoable = own.some((one) => one.date === day);
    const words = isToday && now.words.length
      ? now.words.map((entry) => fill(text.SAVED_TODAY, { entry }))
      : [fill(text.LOGGED_ON, { day: isToday ? "today" : longDay(day) })];
    return [
      make("div", { class: "card" },
        ...(now.waiting ? [] : words.map((one) => make("p", {}, make("strong", {}, one)))),
        now.waiting ? make("p", {}, make("strong", {}, onPhone(now.waiting))) : null,
        make("div", { class: "taps" },
          isUndoable && button("undo", text.UNDO, () => undo(day)),
          button("change", text.CHANGE, () => {
            changing = day;
            draw();
          }))),
      now.isSeveral ? null : make("p", { class: "quiet" }, text.OPTIONAL),
      ...(now.isSeveral ? [] : drawDayQuestions(day, groupOf("more"), now)),
    ];
  }

  const onPhone = (count) => (count === 1 ? text.ON_PHONE_ONE : fill(text.ON_PHONE, { count }));

  function drawStrip(day) {
    const last = today();
    const days = Array.from({ length: 14 }, (_, back) => daysBefore(last, 13 - back));
    const buttons = days.map((one) => {
      const isLogged = dayNow(one).isMorning;
      const mark = isLogged ? text.LOGGED : state ? text.OPEN : text.DAY_UNKNOWN;
      return button(`day:${one}`, make("span", {},
        make("b", {}, inWords(one, { weekday: "short" })), inWords(one, { day: "numeric" }), make("br"), mark[0], make("br"), mark.slice(2)), () => {
        chosen = one === last ? null : one;
        changing = null;
        setDraft(null);
        draw();
      }, { "aria-pressed": String(one === day), "aria-label": `${longDay(one)}, ${mark.slice(2)}` });
    });
    return make("div", { role: "group", "aria-label": text.STRIP },
      make("span", {}, text.STRIP), make("div", { class: "strip" }, ...buttons));
  }

  // The questions of a run, in the order of the Log page: each as a function that draws it, and whether it is answered.
  function runQuestions(one, day) {
    const now = dayNow(day);
    const known = (values, field) =>
      (values[field] !== null && values[field] !== undefined) || Boolean(one.answered && one.answered.includes(field));
    const choose = (field) => (value) => tap("run", day, { activity_id: one.id, [field]: value });
    const [effort, pair] = groupOf("run").map((each) => ({
      isAnswered: known(one.values, each.field),
      draw: () => [taps(`${each.field}:${one.id}`, each.label, each.options.length ? each.options : state.pairs,
        one.values[each.field], choose(each.field))],
    }));
    const heel = groupOf("heel").filter((each) => !each.follows || now.values[each.follows]).map((each) => ({
      isAnswered: known(now.values, each.field),
      draw: () => drawDayQuestions(day, [each], now),
    }));
    return {
      effort: one.id ? [effort] : [],
      pair: one.id && state.pairs.length ? [pair] : [],
      heel: now.isSeveral ? [] : heel,
    };
  }

  function drawRun(one, day) {
    const { effort, pair, heel } = runQuestions(one, day);
    return [
      one.id ? null : make("p", { class: "quiet" }, text.ONCE_ON_RECORD),
      ...[...effort, ...pair, ...heel].flatMap((each) => each.draw()),
    ];
  }

  function firstRun(runs) {
    const wanted = state && !skipped.includes(state.ask_first) ? state.ask_first : null;
    // The run that is being answered stays where it is until it is put off: answers must not make it jump away.
    if (wanted && run === null) run = wanted;
    return runs.find((one) => one.id === run && !skipped.includes(run)) || null;
  }

  // One question at a time, so that the morning stays in sight below it.
  function drawFirstRun(one) {
    const { effort, pair, heel } = runQuestions(one, one.date);
    const all = [...effort, ...heel, ...pair];
    const next = all.findIndex((each, place) => !each.isAnswered && place >= passed);
    const putOff = () => {
      skipped = [...skipped, one.id].slice(-20);
      run = null;
      passed = 0;
      remember("skipped", skipped);
      draw();
    };
    if (next < 0) {
      setTimeout(putOff);
      return null;
    }
    return make("section", { class: "card" },
      make("h2", {}, fill(text.RUN_FIRST, { run: one.label })),
      ...all[next].draw(),
      make("div", { class: "taps" },
        button("pass", text.PASS, () => {
          passed = next + 1;
          draw();
        }),
        button("not-now", text.NOT_NOW, putOff)));
  }

  function drawAfterRun(runs) {
    const isToday = runs.some((one) => one.date === today());
    const options = runs.map((one) => [one.id, one.label]);
    if (!isToday) options.push(["", text.NOT_ON_RECORD]);
    const now = typed.which in Object.fromEntries(options) ? typed.which : options[0][0];
    const one = runs.find((other) => other.id === now) || { id: "", date: today(), values: {} };
    return folded("after", text.AFTER_A_RUN, () => [
      taps("which", text.WHICH_RUN, options, now, (value) => {
        if (value !== null) typed.which = value;
        draw();
      }),
      ...drawRun(one, one.date),
      make("p", { class: "quiet" }, text.SKIP),
    ]);
  }

  function folded(key, title, inside) {
    const isOpen = Boolean(opened[key]);
    return make("details", {
      open: isOpen,
      ontoggle: (event) => {
        if (Boolean(opened[key]) === event.target.open) return;
        opened[key] = event.target.open;
        draw();
      },
    }, make("summary", { "data-key": `fold:${key}` }, title), ...(isOpen ? inside() : []));
  }

  function drawPlanned() {
    const planned = state ? state.planned : { runs: [], exercises: [] };
    const parts = [make("h2", {}, text.PLANNED)];
    if (!planned.runs.length && !planned.exercises.length) {
      parts.push(make("p", { class: "quiet" }, state ? text.NO_PLAN : text.PLAN_UNKNOWN));
    }
    parts.push(...planned.runs.map((one) => make("p", {}, fill(text.PLANNED_RUN, { run: one }))));
    for (const one of planned.exercises) {
      const count = one.logged + waiting()
        .filter((other) => other.kind === "sets" && other.value.exercise === one.name && other.date === today())
        .reduce((sum, other) => sum + other.value.sets, 0);
      parts.push(make("div", { class: "card" },
        make("p", {}, make("strong", {}, one.name), `: ${one.words}`),
        count ? make("p", { class: "quiet" }, fill(text.SETS_LOGGED, { count })) : null,
        one.sets ? button(`done:${one.name}`, text.DONE_AS_PLANNED, () => saveSets({
          exercise: one.name, sets: one.sets, repetitions: one.repetitions, load_kg: one.load_kg, hold_s: one.hold_s,
        }), { "aria-label": `${text.DONE_AS_PLANNED}: ${one.name}` }) : null));
    }
    parts.push(folded("sets", text.OTHER_SETS, () => drawSets(planned.exercises)));
    if (own.some((one) => one.date === today() && one.isSets)) {
      parts.push(button("undo-sets", text.UNDO, () => undo(today())));
    }
    return make("section", {}, ...parts);
  }

  function saveSets(value) {
    const one = tap("sets", today(), Object.fromEntries(Object.entries(value).filter(([, amount]) => amount !== null)));
    own = own.map((other) => (other.id === one.id ? { ...other, isSets: true } : other));
    remember("own", own);
    draw();
  }

  function drawSets(exercises) {
    const perUnit = state ? state.kg_per_unit : 1;
    const field = (name, label, more) => {
      const input = make("input", {
        "data-key": `sets:${name}`, autocomplete: "off", ...more,
        oninput: (event) => (typed[`sets:${name}`] = event.target.value),
      });
      input.value = typed[`sets:${name}`] || "";
      return make("label", {}, label, input);
    };
    const amount = (min, max, step) => ({ type: "number", inputmode: "decimal", min, max, step });
    const read = (name) => {
      const value = typed[`sets:${name}`];
      return value === undefined || value === "" ? null : Number(value);
    };
    const form = make("form", {
      onsubmit: (event) => {
        event.preventDefault();
        const load = read("load");
        saveSets({
          exercise: (typed["sets:exercise"] || "").trim(), sets: read("count"), repetitions: read("repetitions"),
          load_kg: load === null ? null : Math.round(load * perUnit * 100) / 100, hold_s: read("hold"),
          side: typed["sets:side"] || null, pain_0_10: typed["sets:pain"] === undefined ? null : typed["sets:pain"],
        });
        Object.keys(typed).filter((one) => one.startsWith("sets:")).forEach((one) => delete typed[one]);
        draw();
      },
    },
    field("exercise", text.EXERCISE, { required: true, maxlength: 100, list: "exercises" }),
    make("datalist", { id: "exercises" }, ...exercises.map((one) => make("option", { value: one.name }))),
    field("count", text.SETS, { ...amount(1, 30, 1), required: true }),
    field("repetitions", text.REPETITIONS, amount(0, 1000, 1)),
    field("load", fill(text.LOAD, { unit: state ? state.weight_unit : "kg" }), amount(0, 1000, "any")),
    field("hold", text.HOLD, amount(0, 3600, "any")),
    taps("sets-side", text.SIDE, schema.sides, typed["sets:side"], (value) => {
      typed["sets:side"] = value;
      draw();
    }),
    taps("sets-pain", text.PAIN, schema.scale.map((one) => [one, String(one)]), typed["sets:pain"], (value) => {
      typed["sets:pain"] = value === null ? undefined : value;
      draw();
    }),
    make("button", { class: "key", "data-key": "save-sets" }, text.SAVE_SETS));
    return [form];
  }

  function drawSigns() {
    return folded("signs", text.SIGNS, () => {
      const all = [...text.SIGNS_NOW, ...text.SIGNS_SOON];
      const buttons = all.map((one) => button(`sign:${one}`, one, () => {
        const isNew = !signs.includes(one);
        signs = isNew ? [...signs, one] : signs.filter((other) => other !== one);
        if (isNew && signs.length === 1) tap("sign", today());
        draw();
      }, { "aria-pressed": String(signs.includes(one)) }));
      const answer = signs.some((one) => text.SIGNS_NOW.includes(one)) ? text.SEEK_CARE_NOW : text.SEEK_CARE_SOON;
      return [
        make("div", { role: "group", "aria-label": text.ASK_SIGNS },
          make("span", {}, text.ASK_SIGNS), make("div", { class: "taps" }, ...buttons)),
        signs.length ? make("p", { class: "card", role: "status" }, answer) : null,
      ];
    });
  }

  // ---- what could not be delivered ---------------------------------------------------------------------------------
  function asLine(one) {
    const answers = Object.entries(one.value)
      .filter(([name]) => questionOf(name))
      .map(([name, value]) =>
        `${fill(questionOf(name).label, { when: "" }).trim()} ${value === null ? "–" : labelOf(name, value)}`);
    const plain = { none: text.NONE_THAT_DAY, same: text.SAME_AS_DAY_BEFORE, undo: text.UNDO, sign: text.SIGNS };
    if (one.kind === "sets") {
      const { exercise, sets, repetitions, load_kg: load } = one.value;
      answers.push(`${exercise}: ${sets} × ${repetitions === undefined ? "?" : repetitions}${load ? `, ${load} kg` : ""}`);
    }
    return `${one.date}: ${plain[one.kind] || answers.join("; ")}`;
  }

  function drawProblems() {
    const isRemoved = contact === "removed";
    const other = queue.filter((one) => !one.problem && state && one.whose && one.whose !== state.whose);
    const refused = queue.filter((one) => one.problem === "refused");
    const parts = [];
    if (isRemoved) parts.push(make("p", { class: "card", role: "alert" }, text.REMOVED));
    if (isRemoved && queue.length) parts.push(copyable("removed", text.REMOVED_WITH, queue));
    if (other.length) parts.push(copyable("other", text.OTHER_PAIRING, other));
    if (refused.length && !isRemoved) parts.push(copyable("refused", text.REFUSED, refused));
    for (const one of isRemoved ? [] : queue.filter((each) => each.problem === "asked")) {
      parts.push(make("div", { class: "card", role: "alert" }, make("p", {}, one.sentence),
        make("p", { class: "quiet" }, asLine(one)),
        make("div", { class: "taps" },
          button(`store:${one.id}`, text.STORE_IT, () => {
            delete one.problem;
            one.confirmed = true;
            stored("queue", "readwrite", (place) => place.put(one)).then(send);
            draw();
          }),
          button(`drop:${one.id}`, text.LEAVE_IT, () => {
            drop([one.id]);
            draw();
          }))));
    }
    return parts;
  }

  function copyable(key, title, entries) {
    const area = make("textarea", { readonly: true, rows: Math.min(8, entries.length + 1), "aria-label": title });
    area.value = entries.map((one) => asLine(one) + (one.sentence ? ` (${one.sentence})` : "")).join("\n");
    const copy = async () => {
      try {
        await navigator.clipboard.writeText(area.value);
      } catch {
        area.select(); // over plain HTTP there is no clipboard to write to
        document.execCommand("copy");
      }
      message = text.COPIED;
      document.getElementById("status").textContent = message;
    };
    return make("div", { class: "card" }, make("p", {}, title), area, make("div", { class: "taps" },
      button(`copy:${key}`, text.COPY, copy),
      button(`drop:${key}`, text.DROP, () => {
        drop(entries.map((one) => one.id));
        draw();
      })));
  }

  function status() {
    const held = waiting().length;
    if (contact === "removed") return "";
    if (contact === "away") return held ? `${onPhone(held)} ${text.NOT_REACHED}` : text.NOT_REACHED;
    return message;
  }

  function showStatus() {
    const line = document.getElementById("status");
    if (line.textContent !== status()) line.textContent = status();
  }

  // What comes from the server never takes a field away under somebody who types.
  let isStale = false;
  function redraw() {
    const active = document.activeElement;
    isStale = contact !== "removed" && Boolean(active && active.matches("#log input, #log textarea"));
    if (isStale) showStatus();
    else draw();
  }

  function draw() {
    isStale = false;
    const day = chosen || today();
    const place = document.getElementById("log");
    const focused = document.activeElement && document.activeElement.getAttribute("data-key");
    const runs = runsNow();
    const first = contact === "removed" ? null : firstRun(runs);
    const card = first && drawFirstRun(first);
    document.getElementById("title").textContent = state && state.label
      ? fill(text.LOG_OF, { label: state.label }) : text.LOG;
    const parts = contact === "removed" ? drawProblems() : [
      ...drawProblems(),
      card,
      card && make("h2", {}, text.MORNING),
      ...drawMorning(day, dayNow(day)),
      drawStrip(day),
      drawPlanned(),
      state && drawAfterRun(runs),
      drawSigns(),
      state && state.is_demo && make("p", { class: "quiet" }, text.MADE_UP),
      make("p", { class: "quiet" }, text.SEEK_CARE),
      !window.isSecureContext && make("p", { class: "quiet" }, text.OVER_HTTP),
      !isStored && make("p", { class: "card" }, text.NO_STORAGE),
    ].filter(Boolean);
    place.replaceChildren(...parts.filter(Boolean));
    showStatus();
    const again = focused && [...place.querySelectorAll("[data-key]")]
      .find((one) => one.getAttribute("data-key") === focused);
    if (again) again.focus({ preventScroll: true });
  }

  // ---- start -----------------------------------------------------------------------------------------------------------
  async function start() {
    draw();
    const [known, taken, half, mine, put] = await Promise.all([
      recall("state"), stored("queue", "readonly", (one) => one.getAll()), recall("draft"), recall("own"),
      recall("skipped"),
    ]);
    if (known && known.today === today()) state = known;
    queue = [...(taken || []), ...queue].sort((one, other) => one.tapped - other.tapped);
    draft = draft || (half && half.date === today() ? half : null);
    own = [...(mine || []), ...own];
    skipped = put || [];
    draw();
    document.documentElement.setAttribute("data-ready", "true");
    send().then(() => {
      document.documentElement.setAttribute("data-reached", contact);
      keepWatch();
    });
    addEventListener("online", send);
    document.addEventListener("focusout", () => setTimeout(() => {
      if (isStale) redraw();
    }, 400));
    document.addEventListener("visibilitychange", tick);
    setInterval(tick, 60000);
    if ("serviceWorker" in navigator && window.isSecureContext && location.pathname === "/log") {
      navigator.serviceWorker.register("/phone/sw.js", { scope: "/log" }).catch(() => {
        // The page works without it, as long as the machine can be reached.
      });
    }
  }

  start();
})();

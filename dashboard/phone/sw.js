// Opens the log without the machine: page, script and icon, and never an answer or a fact of a runner.
"use strict";
const CACHE = "heelwise-log-$version";
const PAGE = "/log";
const FILES = [PAGE, "/phone/log.js?v=$version", "/manifest.webmanifest", "/icons/icon-192.png"];

self.addEventListener("install", (event) => {
  const wanted = FILES.map((path) => new Request(path, { cache: "reload", credentials: "same-origin" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(wanted)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = (name) => name.startsWith("heelwise-log-") && name !== CACHE;
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  const known = url.pathname + url.search;
  if (event.request.mode === "navigate" ? url.pathname === PAGE : FILES.includes(known)) {
    const wanted = event.request.mode === "navigate" ? PAGE : known;
    event.respondWith(
      caches.open(CACHE).then((cache) => cache.match(wanted)).then((stored) => stored || fetch(event.request)));
  }
});

/* Shows what the shop sends, and opens where it leads. Nothing is fetched, kept or told to anybody. */
"use strict";

self.addEventListener("push", (event) => {
  const told = event.data ? event.data.json() : {};
  const about = { body: told.body || "", tag: told.key || "", data: { link: told.link || "" } };
  event.waitUntil(self.registration.showNotification(told.title || "", about));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const { link } = event.notification.data;
  if (/^https?:/i.test(link)) event.waitUntil(self.clients.openWindow(link));
});

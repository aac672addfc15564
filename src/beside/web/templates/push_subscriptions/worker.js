{% load i18n static %}{% translate "Something new" as words %}// Shows that there is something new, in the same words each time. A push brings none.
const PLACE = '{{ place.name|escapejs }}';
const WORDS = '{{ words|escapejs }}';
const ICON = '{% static "beside/img/icon-192.png" %}';
const NEWS = '{% url "notices" %}';

self.addEventListener('push', (event) => {
  event.waitUntil(self.registration.showNotification(PLACE, { body: WORDS, icon: ICON, tag: 'news' }));
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow(NEWS));
});

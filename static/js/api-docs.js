// Shows the API's description; the page's own address and token stand in its attributes.
"use strict";

const place = document.getElementById("swagger-ui");
const { schema, csrfHeader, csrfToken } = place.dataset;

SwaggerUIBundle({
  url: schema,
  domNode: place,
  deepLinking: true,
  presets: [SwaggerUIBundle.presets.apis],
  // Nothing is sent to a validator outside.
  validatorUrl: null,
  requestInterceptor: (request) => {
    if (request.method && request.method !== "GET" && new URL(request.url, location.href).origin === location.origin) {
      request.headers[csrfHeader] = csrfToken;
    }
    return request;
  },
});

"use strict";
// A page that the browser kept whole for its Back button is asked for again: somebody may have signed out since.
addEventListener("pageshow", event => { if (event.persisted) location.reload(); });

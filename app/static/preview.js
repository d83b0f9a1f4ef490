"use strict";
// A page of the preview was posted to a step; its own address shows it again, and asks nothing about sending twice.
const address = document.querySelector("[data-address]")?.dataset.address;
if (address) history.replaceState(null, "", address);

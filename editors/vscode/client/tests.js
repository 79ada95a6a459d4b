// How a test is run from a lens: `flowc test FILE --filter TITLE`.
"use strict";

function testCommand(file, title) {
  return title ? ["test", file, "--filter", title] : ["test", file];
}

module.exports = { testCommand };

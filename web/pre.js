// The app draws on the canvas that the page handed over, under the name "#canvas".
Module['useCanvas'] = function (canvas) {
  Module['canvas'] = canvas;
  specialHTMLTargets['#canvas'] = canvas;
};
Module['preRun'] = Module['preRun'] || [];
Module['preRun'].push(function () { Module['useCanvas'](Module['canvas']); });

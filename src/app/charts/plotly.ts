// The only importer of plotly.js: scatter lines (in the core), bars and heatmaps. Loaded lazily by library.ts.
import Plotly from 'plotly.js/lib/core';
import bar from 'plotly.js/lib/bar';
import heatmap from 'plotly.js/lib/heatmap';

Plotly.register([bar, heatmap]);

export default Plotly;

import { Html } from '../http/html-text.ts';

/** A sheet of paper: on the screen, and printed on A4 with a heading that stays with what it heads. */
export const EXPOSURE_STYLE = new Html(
  [
    ':root{color-scheme:only light}',
    '*{box-sizing:border-box}',
    'body{margin:0 auto;padding:2rem 1.25rem 3rem;max-width:60rem;background:#fff;color:#1c2127;font:.9375rem/1.55 ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Noto Sans","Liberation Sans",Arial,sans-serif;overflow-wrap:anywhere}',
    'header{border-bottom:3px solid #1f3a5f;padding-bottom:1rem}',
    '.organization{margin:0;font-weight:600;color:#1f3a5f}.lead{margin:.25rem 0 0;color:#56606b}',
    'h1{margin:.25rem 0 0;font-size:1.75rem;line-height:1.2}h2{margin:2rem 0 .5rem;font-size:1.2rem}h3{margin:1.25rem 0 .25rem;font-size:1rem}h4{margin:.9rem 0 .25rem;font-size:.875rem;color:#56606b}',
    'p{margin:.25rem 0}ul{margin:.25rem 0;padding-inline-start:1.25rem}li{margin:.2rem 0}',
    '.summary{list-style:none;margin:0;padding:.9rem 1.1rem;border:1px solid #c9d0d8;border-inline-start:4px solid #1f3a5f;border-radius:.35rem;background:#f7f8f9}',
    'dl{margin:0}dl div{display:grid;grid-template-columns:8rem minmax(0,1fr);gap:.75rem;padding:.2rem 0}dt{color:#56606b}dd{margin:0}',
    'table{width:100%;border-collapse:collapse;table-layout:fixed}th,td{padding:.45rem .6rem .45rem 0;vertical-align:top;text-align:start;border-bottom:1px solid #e3e6ea}th{font-size:.8125rem;font-weight:600;color:#56606b;border-bottom:1px solid #868f99}',
    '.steps th:nth-child(1){width:22%}.steps th:nth-child(2){width:28%}.steps th:nth-child(3){width:14%}',
    '.recipient{margin-top:.75rem;padding-top:.25rem;border-top:1px solid #868f99}',
    '.small,.small p{font-size:.8125rem;color:#56606b}.none{color:#56606b}.local{font-size:.8125rem;color:#56606b}td .local,dd .local{display:block}',
    '.code,code{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"Liberation Mono",monospace;font-size:.8125rem}.number{font-variant-numeric:tabular-nums}',
    '.refused strong{color:#8a4b08}.given strong{color:#1c2127}',
    'footer{margin-top:2rem;padding-top:1rem;border-top:1px solid #c9d0d8;color:#56606b}a{color:#1f3a5f;text-underline-offset:.2em}a:focus-visible{outline:2px solid #2563c9;outline-offset:2px}',
    '@media(max-width:40rem){body{padding:1.25rem 1rem 2rem}dl div{grid-template-columns:1fr;gap:0}table,tbody,tr,td{display:block;width:100%}thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}tr{padding:.5rem 0;border-bottom:1px solid #868f99}td{border:0;padding:.1rem 0}}',
    '@page{size:A4;margin:18mm 16mm 20mm;@bottom-right{content:"Page " counter(page) " of " counter(pages);font:8pt sans-serif;color:#56606b}@bottom-left{content:"Exposure report";font:8pt sans-serif;color:#56606b}}',
    '@media print{body{max-width:none;padding:0;font-size:9.5pt}footer{display:none}h2,h3,h4{break-after:avoid}tr,li,dl div,.summary{break-inside:avoid}thead{display:table-header-group}.summary{background:none}}',
  ].join(''),
);

#pragma once
// How a picture looks: the colours of its classes, on light ground and on dark. No variables: converters lack them.

#include <string_view>

namespace flow::telemetry {

inline constexpr std::string_view PictureStyle = R"(text { font: 11.5px system-ui, "Segoe UI", Helvetica, Arial, sans-serif; fill: #334155 }
.ground { fill: #ffffff }
.title { font-size: 18px; font-weight: 600; fill: #0f172a }
.summary, .legend { fill: #64748b }
.time { fill: #94a3b8; font-size: 10.5px; text-anchor: middle }
.name { text-anchor: end; font-weight: 600 }
.grid { stroke: #e2e8f0; fill: none }
.middle { stroke: #cbd5e1; fill: none }
.band { fill-opacity: .13 }
.caller.band, .caller.wave { fill: #0891b2 }
.caller.words, .caller.name { fill: #0e7490 }
.agent.band, .agent.wave { fill: #4f46e5 }
.agent.words, .agent.name { fill: #4338ca }
.broken { font-style: italic }
.cut { stroke: #dc2626; stroke-width: 2; fill: none }
.mark { stroke-width: 1.5; stroke-dasharray: 4 3; fill: none }
.handoff.mark { stroke: #9333ea }
.handoff.words { fill: #7e22ce; font-weight: 600 }
.trouble.mark { stroke: #dc2626 }
.trouble.words { fill: #b91c1c }
.digit.mark, .ending.mark { stroke: #94a3b8 }
.digit.words, .ending.words { fill: #64748b }
circle.digit { fill: #475569 }
.delay { fill: none; stroke: #64748b; stroke-opacity: .55; pointer-events: all }
.wait { font-weight: 600 }
.stop { font-weight: 600; fill: #b91c1c }
.s-device_in, .s-device_out { fill: #94a3b8 }
.s-endpointing { fill: #f59e0b }
.s-detection { fill: #fb7185 }
.s-deciding { fill: #db2777 }
.s-tools { fill: #a16207 }
.s-service { fill: #0d9488 }
.s-first_audio { fill: #38bdf8 }
.s-playout, .s-stopping { fill: #84cc16 }
.bar { fill: #fde68a; stroke: #d97706 }
.waits { fill: #fcd34d }
.ready { fill: #d97706; stroke: #ffffff }
.tool.words { fill: #78350f }
.told { fill: #16a34a }
.failed { fill: #dc2626 }
.sign { stroke: #ffffff; stroke-width: 1.8; fill: none }
@media (prefers-color-scheme: dark) {
text { fill: #cbd5e1 }
.ground { fill: #0f172a }
.title { fill: #f1f5f9 }
.summary, .legend, .digit.words, .ending.words { fill: #94a3b8 }
.time { fill: #64748b }
.grid { stroke: #1e293b }
.middle { stroke: #334155 }
.band { fill-opacity: .22 }
.caller.band, .caller.wave { fill: #22d3ee }
.caller.words, .caller.name { fill: #67e8f9 }
.agent.band, .agent.wave { fill: #818cf8 }
.agent.words, .agent.name { fill: #a5b4fc }
.handoff.words { fill: #d8b4fe }
.trouble.words, .stop { fill: #fca5a5 }
circle.digit { fill: #cbd5e1 }
.bar { fill: #78350f }
.tool.words { fill: #fde68a }
.ready { stroke: #0f172a }
}
)";

}  // namespace flow::telemetry

#pragma once
// The questions that are asked of a whole program, one a file. Each says what it finds in the report; none stops
// another, and none is asked of a program that has errors.

#include "compiler/review/graph.h"

namespace flow::review {

// The graph.
void unreachable_agents(const Subject& subject, const Graph& graph, diag::Report& report);  // does anything lead there?
void dead_ends(const Subject& subject, const Graph& graph, diag::Report& report);           // can the call go on or end?
void unused_transfers(const Subject& subject, const Graph& graph, diag::Report& report);
void transfers_in_a_circle(const Subject& subject, const Graph& graph, diag::Report& report);
void ways_to_a_person(const Graph& graph, diag::Report& report);                            // may the caller have one?
void back_and_forth(const Graph& graph, diag::Report& report);                              // does it ever stop?
void stalls(const Graph& graph, diag::Report& report);                 // what if the model never decides?
void alike_edges(const Subject& subject, const Graph& graph, diag::Report& report);  // can the model tell them apart?
void alike_tools(const Subject& subject, diag::Report& report);
void shadows(const Subject& subject, diag::Report& report);                   // does it ever get its turn?
void ways_back(const Subject& subject, const Graph& graph, diag::Report& report);  // is there anybody to go back to?

// Rules.
void rules(const Subject& subject, const Graph& graph, diag::Report& report);  // are they kept, and do they matter?

// State and conditions.
void state_never_set(const Subject& subject, diag::Report& report);
void constant_conditions(const Subject& subject, diag::Report& report);
void edges_held_already(const Subject& subject, const Graph& graph, diag::Report& report);

// Forms, and keys.
void forms(const Subject& subject, diag::Report& report);  // can they be filled, and does anybody look at them?
void lost_keys(const Subject& subject, diag::Report& report);  // can what waits for a key get one?

// Policies.
void policy_times(const Subject& subject, diag::Report& report);  // does what is promised come in time?
void stopped_writes(const Subject& subject, diag::Report& report);
void dead_air(const Subject& subject, diag::Report& report);
void server_turns(const Subject& subject, diag::Report& report);
void starved_results(const Subject& subject, diag::Report& report);

// Prompts, services, data, words.
void prompt_sizes(const Subject& subject, diag::Report& report);
void costs(const Subject& subject, diag::Report& report);
void service_limits(const Subject& subject, const Graph& graph, diag::Report& report);
void keys_in_texts(const Subject& subject, diag::Report& report);
void personal_data(const Subject& subject, diag::Report& report);
void locales(const Subject& subject, diag::Report& report);
void spoken_words(const Subject& subject, diag::Report& report);
void tools_in_prompts(const Subject& subject, diag::Report& report);
void prompt_guards(const Subject& subject, diag::Report& report);
void same_paragraphs(const Subject& subject, diag::Report& report);

}  // namespace flow::review

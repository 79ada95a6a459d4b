// The syntax of `.flow` files. README.md is the reference; what clauses there are is in compiler/check/clauses.def.
//
// NL stands for every end of a line or `;` that ends something: the layout pass (compiler/parse/layout.cpp) has dropped
// the others, has joined several into one, and has put one after each `}`. Brackets are balanced when they come here.
parser grammar FlowParser;
options { tokenVocab=FlowLexer; }

file : (declaration (NL declaration)*)? EOF;

declaration
  : flowDecl | importDecl | enumDecl | typeDecl | stateDecl | namedDecl | policyDecl | toolDecl | agentDecl
  | handoff | handler | ruleDecl | localeDecl | testDecl | strayDecl
  ;

flowDecl   : FLOW name block;
importDecl : IMPORT (path | string);
enumDecl   : ENUM name LBRACE (name (fieldEnd name)* COMMA?)? RBRACE;
typeDecl   : TYPE name fields;
stateDecl  : STATE fields;
namedDecl  : (REALTIME | SERVICE | TRANSFER | CHANNEL) name block;
policyDecl : POLICY name (COLON path)? block?;
toolDecl   : TOOL name params (ARROW type)? effect? block?;
agentDecl  : AGENT name (COLON path)? block;
ruleDecl   : RULE name clauses;
localeDecl : LOCALE string LBRACE (translation (NL translation)*)? RBRACE;
testDecl   : TEST string clauses;
strayDecl  : ID args? block?;  // no declaration; parsed so that what follows is understood

effect   : PURE | READS | WRITES ONCE?;
params   : LPAREN (field (COMMA field)* COMMA?)? RPAREN;
fields   : LBRACE (field (fieldEnd field)* COMMA?)? RBRACE;
fieldEnd : COMMA | NL;
field    : name COLON type fieldArgs? (ASSIGN expr fieldArgs?)? orElse?;
fieldArgs: expr+;
type     : (path | LBRACK type RBRACK) QUEST?;

translation : string COLON string;

block   : LBRACE (item (NL item)*)? RBRACE;
clauses : LBRACE (clause (NL clause)*)? RBRACE;
item    : handoff | handler | form | setsClause | carryClause | failsClause | clause;

form        : FORM name LBRACE (formItem (NL formItem)*)? RBRACE;
formItem    : field | failsClause | clause;
setsClause  : SETS assignment (COMMA assignment)*;
carryClause : CARRY field (COMMA field)*;
failsClause : FAILS (action | actions);
clause      : word args? (IF expr)? orElse? block?;
orElse      : ELSE (action | actions);
args        : expr (COMMA? expr)*;
assignment  : path ASSIGN expr;

handoff : HANDOFF path (trigger | IF expr)* block?;
trigger : WHEN string | ON event | AFTER expr;
handler : ON event (IF expr)? actions;
event   : name args?;

actions : LBRACE (action (NL action)*)? RBRACE;
action  : HANDOFF path | SET assignment | branch | word args?;
branch  : IF expr actions (ELSE (branch | actions | action))?;

expr
  : expr (NOT? IN | EQ | NE | LT | LE | GT | GE) expr
  | NOT expr
  | expr AND expr
  | expr OR expr
  | primary
  ;
primary
  : LPAREN expr RPAREN
  | LBRACK (expr (COMMA expr)* COMMA?)? RBRACK
  | path (LPAREN (argument (COMMA argument)* COMMA?)? RPAREN | DOT STAR)?
  | string
  | number (RANGE number)?
  | PERCENT | CODE | STAR | TRUE | FALSE | NONE
  ;
argument : (name COLON)? expr;
number   : INT | FLOAT | DURATION;
path     : name (DOT name)*;

string      : STR_OPEN part* STR_CLOSE | TEXT_OPEN part* TEXT_CLOSE;
part        : CHARS | conditional | hole;
hole        : INTER expr OUTER;
conditional : INTER IF expr OUTER part* (INTER ELSE OUTER part*)? INTER SLASH IF OUTER;

// `word` begins a clause or an action; `name` is whatever a program calls something.
name : word | HANDOFF | FORM | ON | SETS | CARRY | SET | FAILS;
word : ID | FLOW | IMPORT | ENUM | TYPE | STATE | REALTIME | SERVICE | POLICY | TOOL | AGENT | TRANSFER | CHANNEL | RULE | LOCALE | TEST
     | WHEN | AFTER | PURE | READS | WRITES | ONCE;

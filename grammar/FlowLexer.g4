// The tokens of `.flow` files. README.md is the reference.
//
// Words are reserved only where nothing else could be meant (`if else and or not in true false none`); the others that
// the parser steers by are names as well (rule `name` of the parser). Newlines are tokens here; the layout pass
// (compiler/parse/layout.cpp) drops those that end nothing, and repairs brackets and texts that are not closed, so that
// the parser always sees balanced ones.
lexer grammar FlowLexer;

tokens { INTER, OUTER, CHARS }  // `{` and `}` in a text, and the characters between them
channels { DOCS }

@lexer::members {
  // A text in one line ends with it, closed or not, and whatever was open inside it.
  void lineEnd() {
    while (mode == STR || (mode == HOLE && !modeStack.empty() && modeStack.back() == STR)) popMode();
  }
  // `"""` inside a hole: the hole was not closed, and the text block ends. In a text of one line it is a stray.
  void blockEnd() {
    if (!modeStack.empty() && modeStack.back() == TEXT) { popMode(); popMode(); }
    else type = STRAY;
  }
}

DOC     : '///' ~[\r\n]* -> channel(DOCS);
COMMENT : '//' ~[\r\n]* -> channel(HIDDEN);
WS      : [ \t\r\f]+ -> skip;
NL      : '\r'? '\n';

IF:'if'; ELSE:'else'; AND:'and'; OR:'or'; NOT:'not'; IN:'in'; TRUE:'true'; FALSE:'false'; NONE:'none';

FLOW:'flow'; IMPORT:'import'; ENUM:'enum'; TYPE:'type'; STATE:'state'; REALTIME:'realtime'; SERVICE:'service';
POLICY:'policy'; TOOL:'tool'; AGENT:'agent'; HANDOFF:'handoff'; FORM:'form'; TRANSFER:'transfer'; CHANNEL:'channel'; LOCALE:'locale';
ON:'on'; RULE:'rule'; TEST:'test'; WHEN:'when'; AFTER:'after'; SETS:'sets'; CARRY:'carry'; SET:'set'; FAILS:'fails';
PURE:'pure'; READS:'reads'; WRITES:'writes'; ONCE:'once';

DURATION   : NUMBER ('ms' | 's' | 'm' | 'h' | 'd');
PERCENT    : NUMBER '%';
CODE       : [0-9] 'xx';
FLOAT      : '-'? [0-9]+ '.' [0-9]+;
INT        : '-'? [0-9]+;
BAD_NUMBER : NUMBER [A-Za-z_] [A-Za-z0-9_]*;
ID         : [A-Za-z_] [A-Za-z0-9_]*;
fragment NUMBER : '-'? [0-9]+ ('.' [0-9]+)?;

LBRACE:'{'; RBRACE:'}'; LPAREN:'('; RPAREN:')'; LBRACK:'['; RBRACK:']';
COMMA:','; SEMI:';'; COLON:':'; RANGE:'..'; STAR:'*'; DOT:'.'; ARROW:'->'; QUEST:'?'; ASSIGN:'=';
EQ:'=='; NE:'!='; LE:'<='; GE:'>='; LT:'<'; GT:'>'; SLASH:'/';
TEXT_OPEN : '"""' -> pushMode(TEXT);
STR_OPEN  : '"' -> pushMode(STR);
HASH      : '#' ~[\r\n]* -> type(STRAY);  // a comment of other languages
STRAY     : '&&' | '||' | '=>' | ':=' | '+=' | . ;

mode STR;
STR_CLOSE : '"' -> popMode;
STR_INTER : '{' -> type(INTER), pushMode(HOLE);
STR_NL    : '\r'? '\n' { lineEnd(); } -> type(NL);
STR_CHARS : (~["\\{\r\n] | '\\' ~[\r\n])+ -> type(CHARS);
STR_ONE   : [\\\r] -> type(CHARS);

mode TEXT;
TEXT_CLOSE : '"""' -> popMode;
TEXT_INTER : '{' -> type(INTER), pushMode(HOLE);
TEXT_CHARS : (~["\\{] | '\\' .)+ -> type(CHARS);
TEXT_ONE   : ["\\] -> type(CHARS);

// Between `{` and `}` of a text: an expression, `if EXPR`, `else` or `/if`.
mode HOLE;
HOLE_COMMENT : '//' ~[\r\n}]* -> channel(HIDDEN);
HOLE_WS      : [ \t\r\f]+ -> skip;
HOLE_NL      : '\r'? '\n' { lineEnd(); } -> type(NL);
HOLE_IF      : 'if' -> type(IF);
HOLE_ELSE    : 'else' -> type(ELSE);
HOLE_AND     : 'and' -> type(AND);
HOLE_OR      : 'or' -> type(OR);
HOLE_NOT     : 'not' -> type(NOT);
HOLE_IN      : 'in' -> type(IN);
HOLE_TRUE    : 'true' -> type(TRUE);
HOLE_FALSE   : 'false' -> type(FALSE);
HOLE_NONE    : 'none' -> type(NONE);
HOLE_DURATION: NUMBER ('ms' | 's' | 'm' | 'h' | 'd') -> type(DURATION);
HOLE_PERCENT : NUMBER '%' -> type(PERCENT);
HOLE_FLOAT   : '-'? [0-9]+ '.' [0-9]+ -> type(FLOAT);
HOLE_INT     : '-'? [0-9]+ -> type(INT);
HOLE_BAD     : NUMBER [A-Za-z_] [A-Za-z0-9_]* -> type(BAD_NUMBER);
HOLE_ID      : [A-Za-z_] [A-Za-z0-9_]* -> type(ID);
HOLE_LBRACE  : '{' -> type(STRAY);
HOLE_END     : '}' -> type(OUTER), popMode;
HOLE_LPAREN  : '(' -> type(LPAREN);
HOLE_RPAREN  : ')' -> type(RPAREN);
HOLE_LBRACK  : '[' -> type(LBRACK);
HOLE_RBRACK  : ']' -> type(RBRACK);
HOLE_COMMA   : ',' -> type(COMMA);
HOLE_COLON   : ':' -> type(COLON);
HOLE_DOT     : '.' -> type(DOT);
HOLE_EQ      : '==' -> type(EQ);
HOLE_NE      : '!=' -> type(NE);
HOLE_LE      : '<=' -> type(LE);
HOLE_GE      : '>=' -> type(GE);
HOLE_LT      : '<' -> type(LT);
HOLE_GT      : '>' -> type(GT);
HOLE_SLASH   : '/' -> type(SLASH);
HOLE_BLOCK   : '"""' { type = TEXT_CLOSE; blockEnd(); };
HOLE_STR     : '"' -> type(STR_OPEN), pushMode(STR);
HOLE_STRAY   : . -> type(STRAY);

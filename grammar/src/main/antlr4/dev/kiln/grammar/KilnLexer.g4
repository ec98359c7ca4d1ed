/** Words of the .nn language. Line ends mean nothing: every statement begins with a word. */
lexer grammar KilnLexer;

channels { DOCS, COMMENTS }

// declarations
USE: 'use';  CONST: 'const';  FN: 'fn';  LAYER: 'layer';  CELL: 'cell';  NETWORK: 'network';  TRAIN: 'train';
OPTIMIZER: 'optimizer';  TEST: 'test';  PROPERTY: 'property';  GRADIENT: 'gradient';
// statements
IN: 'in';  OUT: 'out';  PARAM: 'param';  STATE: 'state';  DRAW: 'draw';  REQUIRE: 'require';  RETURN: 'return';  STOP: 'stop';
IF: 'if';  ELSE: 'else';  FOR: 'for';
// inside statements
INIT: 'init';  WHEN: 'when';  DECAY: 'decay';  SPARSE: 'sparse';  FROM: 'from';  AS: 'as';  OVER: 'over';  FRESH: 'fresh';
AND: 'and';  OR: 'or';  NOT: 'not';  TRUE: 'true';  FALSE: 'false';
// training
LOSS: 'loss';  METRIC: 'metric';  DATA: 'data';  FREEZE: 'freeze';  LOAD: 'load';  CLIP: 'clip';
EPOCHS: 'epochs';  VALIDATE: 'validate';  PATIENCE: 'patience';  ACCUMULATE: 'accumulate';  AVERAGE: 'average';  SEED: 'seed';
// proof
EXPECT: 'expect';  NEAR: 'near';  WITHIN: 'within';  FORALL: 'forall';  GRADCHECK: 'gradcheck';  SPREAD: 'spread';  TRAINING: 'training';

PIPE: '|>';  ARROW: '->';  DOTS: '..';
LE: '<=';  GE: '>=';  EQ: '==';  NE: '!=';  LT: '<';  GT: '>';
PLUS: '+';  MINUS: '-';  STAR: '*';  SLASH: '/';  PERCENT: '%';  AT: '@';  HAT: '^';  TILDE: '~';  BAR: '|';  ASSIGN: '=';
LP: '(';  RP: ')';  LB: '[';  RB: ']';  LC: '{';  RC: '}';  COMMA: ',';  COLON: ':';  DOT: '.';

FLOAT: DIGITS '.' DIGITS EXP? | DIGITS EXP;
INT: DIGITS;
STRING: '"' (~["\\\r\n] | '\\' ~[\r\n])* '"';
PRIMED: WORD '\'';                     // the next value of a name: h'
NAME: WORD;

DOC: '///' ~[\r\n]* -> channel(DOCS);
COMMENT: '//' ~[\r\n]* -> channel(COMMENTS);
SPACE: [ \t\r\n]+ -> channel(HIDDEN);

// habits from other languages
FOREIGN_COMMENT: ('#' ~[\r\n]* | '/*' .*? '*/') -> channel(COMMENTS);
FOREIGN_OPERATOR: '**' | '&&' | '||' | '!' | '+=' | '-=' | '*=' | '/=' | '@=' | '=>' | ':=' | '?' | '++' | '===' | '!==' | '::';
SEMICOLON: ';';
CLOSED_PRIME: [)\]] '\'';
QUOTED: '\'' ~['\r\n]* '\'';
UNCLOSED: '"' (~["\\\r\n] | '\\' ~[\r\n])* '\\'?;
BAD_NUMBER: (DIGITS ('.' DIGITS)? EXP? | [0-9] [0-9_]*) [A-Za-z_] [A-Za-z0-9_]*;
FOREIGN_WORD: [\p{L}_] [\p{L}\p{M}\p{N}_]*;
OTHER: .;

fragment WORD: [A-Za-z_] [A-Za-z0-9_]*;
fragment DIGITS: [0-9] ([0-9_]* [0-9])?;
fragment EXP: [eE] [+-]? [0-9]+;

/** The .nn language. Ambiguity is a bug of this file: a test parses every accepted file with exact ambiguity detection. */
parser grammar KilnParser;
options { tokenVocab = KilnLexer; }

file: declaration* EOF;
declaration: use | constant | function | block | train | proof;

use: USE path DOT LC name (COMMA name)* RC;
path: (DOT SLASH)? name ((DOT | SLASH) name)*;
constant: CONST name (COLON type)? ASSIGN expr;

function: functionHead (ASSIGN expr | body) gradient?;
functionHead: FN name inputs (ARROW type (COMMA type)*)?;
gradient: GRADIENT LP name (COMMA name)* RP body;

// first list: settings known when compiling; second list: tensors
block: blockHead body;
blockHead
  : (LAYER | CELL) name settings inputs ARROW type (COMMA type)*
  | OPTIMIZER name settings inputs
  | NETWORK name settings?
  ;
settings: LP (setting (COMMA setting)*)? RP;
setting: name COLON kind (BAR kind)* (ASSIGN expr)?;
kind: type | FN | LAYER | CELL;
inputs: LP (input (COMMA input)*)? RP;
input: name COLON type (ASSIGN expr)?;

type: name (LB dim (COMMA dim)* RB)?;
dim: range (TILDE name)?;              // N..: any axes; 1..4: sizes to draw in a proof; T~len: ragged, len real steps
range: expr (DOTS expr?)?;             // 1..n: both ends count; s..: the axes bound as s..

body: LC statement* RC;
statement
  : IN name COLON type                                                             # inStatement
  | OUT name (ASSIGN expr)?                                                        # outStatement
  | PARAM name COLON type INIT expr (WHEN expr ELSE expr)? (DECAY expr)? SPARSE?   # paramStatement
  | STATE name (COMMA name)* COLON type ASSIGN expr                                # stateStatement
  | DRAW name COLON type FROM expr                                                 # drawStatement
  | REQUIRE expr COLON STRING                                                      # requireStatement
  | bind                                                                           # bindStatement
  | choice                                                                         # choiceStatement
  | forHead body                                                                   # forStatement
  | RETURN expr (COMMA expr)*                                                      # returnStatement
  | STOP expr                                                                      # stopStatement
  ;
bind: target (COMMA target)* ASSIGN expr;
choice: IF condition body (ELSE (choice | body))?;
condition: expr;
forHead: FOR (name LT expr | name (COMMA name)* IN expr);   // unrolled; a primed name is its value in the next round
target: name (LB binder (COMMA binder)* RB)? | PRIMED (LB place (COMMA place)* RB)?;
place: INT | binder;                   // h'[n, 0, k] = …: one slice of a state
binder: name (DOTS | LT expr)?;        // an index, and its extent where no tensor gives it

expr: operation (PIPE stage)*;         // x |> f + b is refused: a chain inside a sum wants parentheses
operation
  : postfix                                                           # postfixOperation
  | <assoc=right> operation HAT operation                             # power
  | MINUS operation                                                   # negate       // -x^2 is -(x^2)
  | operation (STAR | SLASH | PERCENT | AT) operation                 # product
  | operation (PLUS | MINUS) operation                                # sum
  | operation (LT | LE | GT | GE | EQ | NE) operation                 # compare
  | NOT operation                                                     # not
  | operation AND operation                                           # and
  | operation OR operation                                            # or
  ;
stage: postfix (AS name)?;

postfix
  : primary                                                           # primaryExpr
  | postfix LP arguments? RP                                          # call
  | postfix LB range (COMMA range)* (ELSE expr)? RB                   # at           // else: the value outside
  | postfix DOT (name | PRIMED)                                       # member
  ;
arguments: argument (COMMA argument)* (OVER binder (COMMA binder)*)?;
argument: (name COLON)? range;

primary
  : INT                              # whole
  | FLOAT                            # real
  | STRING                           # string
  | (TRUE | FALSE)                   # truth
  | name                             # reference
  | PRIMED                           # next
  | FRESH name                       # fresh        // another layer or cell built like this one
  | LP expr (COMMA expr)* RP         # tuple
  | LB (expr (COMMA expr)*)? RB      # items
  | conditional                      # choose
  ;
conditional: IF condition LC expr RC ELSE (LC expr RC | conditional);

train: trainHead LC trainStatement* RC;
trainHead: TRAIN name settings?;
trainStatement
  : LOSS expr                                             # lossStatement
  | METRIC expr                                           # metricStatement
  | OPTIMIZER expr (FOR memberPath (COMMA memberPath)*)?  # optimizerStatement
  | CLIP name expr                                        # clipStatement
  | FREEZE memberPath (COMMA memberPath)*                 # freezeStatement
  | LOAD memberPath FROM STRING                           # loadStatement
  | EPOCHS expr                                           # epochsStatement
  | VALIDATE expr                                         # validateStatement
  | PATIENCE expr                                         # patienceStatement
  | ACCUMULATE expr                                       # accumulateStatement
  | AVERAGE expr                                          # averageStatement
  | SEED expr                                             # seedStatement
  | DATA expr (LC column* RC)?                            # dataStatement
  | statement                                             # plainStatement
  ;
column: name ASSIGN expr;
memberPath: name (DOT name)*;

proof: proofHead LC proofStatement* RC;
proofHead: (TEST | PROPERTY) STRING (IN TRAINING)?;
proofStatement
  : EXPECT expr (NEAR expr WITHIN expr)?                  # expectProof
  | GRADCHECK expr OVER drawn (COMMA drawn)*              # gradcheckProof
  | FORALL drawn (COMMA drawn)* proofStatement            # forallProof
  | bind                                                  # bindProof
  ;
drawn: name (IN range | COLON type (SPREAD range)?);

// words of training and proof, and some more, are still free as names
name
  : NAME | LOSS | METRIC | DATA | FREEZE | LOAD | CLIP | EPOCHS | VALIDATE | PATIENCE | ACCUMULATE | AVERAGE | SEED
  | DECAY | SPARSE | TEST | PROPERTY | GRADIENT | SPREAD | TRAINING | NEAR | WITHIN
  ;

"""The rows of the library's table, as core/library.py reads them.

Two lines each: the call and what it gives, then an example and its printed value, both
after two spaces or more. `x?` may be left out, `...xs` is any number of arguments.
"""

LISTS = """
length(xs)  Items of a list or set, characters of a string, keys of a map
    length([1, 2, 3])  3
is_empty(xs)  Whether there are no items
    is_empty([])  true
head(xs)  The first item; an error where there is none
    head([1, 2])  1
tail(xs)  The items after the first; an error of []
    tail([1, 2, 3])  [2, 3]
rest(xs)  The same as tail
    rest([1, 2, 3])  [2, 3]
first(xs)  The first item; nil where there is none
    first([1, 2])  1
last(xs)  The last item; nil where there is none
    last([1, 2])  2
nth(xs, i)  The item at an index, as xs[i]
    nth([5, 6], 1)  6
append(xs, x)  The list with an item at its end
    append([1], 2)  [1, 2]
push(xs, x)  The same as append
    push([1], 2)  [1, 2]
prepend(xs, x)  The list with an item in front
    prepend([1], 2)  [2, 1]
cons(x, xs)  The item in front of the list
    cons(1, [2])  [1, 2]
concat(xs, ...lists)  The items of all the lists
    concat([1], [2, 3])  [1, 2, 3]
slice(xs, start, end?)  The items from one index to before another, or to the end
    slice([1, 2, 3], 0, 2)  [1, 2]
take(xs, n)  The first n items, all where there are fewer
    take([1, 2, 3], 2)  [1, 2]
drop(xs, n)  What is left without the first n items
    drop([1, 2, 3], 2)  [3]
reverse(xs)  The items, or characters, from the last to the first
    reverse([1, 2])  [2, 1]
contains(xs, x)  Whether it has an item, element or key, or a string a part
    contains([1, 2], 2)  true
index_of(xs, x)  Index of the first item that equals a value, or of a part; or -1
    index_of([5, 6], 6)  1
unique(xs)  The items without those that equal an earlier one
    unique([1, 2, 1.0])  [1, 2]
zip(xs, ys)  Pairs of the items at one index, of the shorter length
    zip([1, 2], ["a", "b"])  [[1, "a"], [2, "b"]]
unzip(pairs)  The lists of first and second items
    unzip([[1, "a"], [2, "b"]])  [[1, 2], ["a", "b"]]
enumerate(xs)  Pairs of index and item
    enumerate(["a", "b"])  [[0, "a"], [1, "b"]]
flatten(lists)  The items of the items
    flatten([[1], [2, 3]])  [1, 2, 3]
chunk(xs, n)  Lists of n items, the last of what is left
    chunk([1, 2, 3], 2)  [[1, 2], [3]]
sliding_window(xs, n)  Every n items that follow each other
    sliding_window([1, 2, 3], 2)  [[1, 2], [2, 3]]
sort(xs, f?)  Numbers or strings in order, or as (a, b) => number says; stable
    sort([3, 1, 2])  [1, 2, 3]
sum(xs, ...more)  The sum of a list or array, or of the arguments
    sum([1, 2, 3])  6
product(xs, ...more)  The product of a list or array, or of the arguments
    product([2, 3])  6
mean(xs, ...more)  The average of a list or array, or of the arguments
    mean([1, 2])  1.5
min(xs, ...more)  The least of the arguments, or of a list or array
    min(2, 1)  1
max(xs, ...more)  The greatest of the arguments, or of a list or array
    max([2, 1])  2
range(start, end?, step?)  The ints from start, or 0, to before end, by a step or 1
    range(2, 5)  [2, 3, 4]
repeat(x, n)  A list of one value n times; a string repeated
    repeat(0, 3)  [0, 0, 0]
"""
CALLBACKS = """
map(xs, f)  f(x) for every item
    map([1, 2], x => x * 2)  [2, 4]
filter(xs, f)  The items for which f gives true
    filter([1, 2, 3], is_odd)  [1, 3]
fold(xs, initial, f)  f(f(initial, first), second) and so on
    fold([1, 2], 10, (sum, x) => sum + x)  13
fold_right(xs, initial, f)  f(first, f(second, initial)) and so on, from the last item
    fold_right([1, 2], [], cons)  [1, 2]
reduce(xs, f)  fold from the first item; an error of []
    reduce([1, 2, 3], max)  3
scan(xs, initial, f)  Every value that fold goes through
    scan([1, 2], 0, (sum, x) => sum + x)  [0, 1, 3]
for_each(xs, f)  Calls f with every item; nil
    for_each([], println)  nil
flat_map(xs, f)  The items of every f(x)
    flat_map([1, 2], x => [x, x])  [1, 1, 2, 2]
filter_map(xs, f)  Every f(x) that is not nil
    filter_map([1, 2], x => if x > 1 { x * 5 })  [10]
map_indexed(xs, f)  f(index, item) for every item
    map_indexed([5, 6], (i, x) => x - i)  [5, 5]
find(xs, f)  The first item for which f gives true, or nil
    find([1, 2], is_even)  2
any(xs, f)  Whether f gives true for an item
    any([1, 2], is_even)  true
all(xs, f)  Whether f gives true for every item
    all([1, 2], is_even)  false
none(xs, f)  Whether f gives true for no item
    none([1, 3], is_even)  true
count(xs, f)  For how many items f gives true
    count([1, 2, 3], is_odd)  2
partition(xs, f)  The items for which f gives true, and the others
    partition([1, 2, 3], is_odd)  [[1, 3], [2]]
take_while(xs, f)  The items before the first for which f gives false
    take_while([1, 3, 4, 5], is_odd)  [1, 3]
drop_while(xs, f)  The items from the first on for which f gives false
    drop_while([1, 3, 4, 5], is_odd)  [4, 5]
min_by(xs, f)  The first item with the least f(x)
    min_by([-3, 2], abs)  2
max_by(xs, f)  The first item with the greatest f(x)
    max_by([-3, 2], abs)  -3
group_by(xs, f)  A map from each f(x) to the list of its items
    group_by([1, 2, 3], is_odd)  {true: [1, 3], false: [2]}
sort_by(xs, f)  The items in the order of f(x); stable
    sort_by([-3, 2], abs)  [2, -3]
iterate(f, x, n)  x, f(x), f(f(x)) and so on, n values
    iterate(x => x * 2, 1, 4)  [1, 2, 4, 8]
"""
MAPS = """
get(m, key, default?)  The value of a key, or item of a list; else the default, or nil
    get({a: 1}, "b", 0)  0
set(m, key, value)  The map with a value for a key, the list with an item at an index
    set({a: 1}, "b", 2)  {"a": 1, "b": 2}
remove(m, key)  The map without a key, or the set without an element
    remove({a: 1}, "a")  {}
map_values(m, f)  The map with f(value) for each value
    map_values({a: 1}, x => x + 1)  {"a": 2}
has_key(m, key)  Whether a map has a key, or a set an element
    has_key({a: 1}, "a")  true
keys(m)  The keys of a map, a list
    keys({a: 1})  ["a"]
values(m)  The values of a map, or the elements of a set, a list
    values({a: 1})  [1]
entries(m)  The lists of key and value of a map
    entries({a: 1})  [["a", 1]]
from_entries(pairs)  The map of lists of key and value; a key's last value counts
    from_entries([["a", 1]])  {"a": 1}
merge(m, other)  The keys of both maps; the other's values count
    merge({a: 1, b: 1}, {a: 2})  {"a": 2, "b": 1}
insert(s, x)  The set with one more element
    insert(#{1}, 2)  #{1, 2}
union(s, other)  The elements of both sets, or of a set and a list
    union(#{1}, #{2})  #{1, 2}
intersection(s, other)  The elements that are in both sets
    intersection(#{1, 2}, #{2, 3})  #{2}
difference(s, other)  The elements of the first set that are not in the other
    difference(#{1, 2}, #{2, 3})  #{1}
"""
STRINGS = r"""
substring(s, start, end?)  The characters from one index to another, or to the end
    substring("abc", 0, 2)  ab
split(s, separator)  The pieces between separators; the characters where that is empty
    split("a,b", ",")  ["a", "b"]
chars(s)  The characters, a list of strings
    chars("añ")  ["a", "ñ"]
join(separator, xs)  The texts of a list with a separator between; in either order
    join(", ", [1, "b"])  1, b
replace(s, part, other)  With every occurrence of a part replaced
    replace("banana", "an", "o")  booa
format(template, ...xs)  The template with values in its places; braces are doubled
    format("{} of {{{}}}", 1, [2])  1 of {[2]}
string_index_of(s, part)  The index of the first place where a part stands, or -1
    string_index_of("banana", "nan")  2
string_contains(s, part)  Whether a part stands anywhere
    string_contains("banana", "nan")  true
starts_with(s, part)  Whether a part begins it
    starts_with("abc", "ab")  true
ends_with(s, part)  Whether a part ends it
    ends_with("abc", "bc")  true
trim(s)  Without the white space around it
    trim(" a b ")  a b
trim_start(s)  Without the white space before it
    trim_start(" a")  a
trim_end(s)  Without the white space behind it
    trim_end("a ")  a
upper(s)  In capital letters
    upper("straße")  STRASSE
lower(s)  In small letters
    lower("ÀB")  àb
capitalize(s)  The first letter as a capital, the others small
    capitalize("hELLO")  Hello
string_repeat(s, n)  The string so many times
    string_repeat("ab", 3)  ababab
string_reverse(s)  The characters from the last to the first
    string_reverse("abc")  cba
pad_left(s, width, fill?)  Filled up on the left, with spaces or a text
    pad_left("7", 3, "0")  007
pad_right(s, width, fill?)  Filled up on the right
    pad_right("7", 3, "0")  700
pad_center(s, width, fill?)  Filled up on both sides, on the right first
    pad_center("ab", 5, "*")  *ab**
char_code(s, i?)  The code point of the first character, or of that at an index
    char_code("€")  8364
from_char_code(code)  The string of one character, by its code point
    from_char_code(8364)  €
to_number(x)  The int or else the float that a text shows; a number itself
    to_number("1.5")  1.5
is_alphabetic(s)  Whether all characters are letters, and there are some
    is_alphabetic("añ")  true
is_numeric(s)  Whether all characters are digits or other numerals
    is_numeric("12")  true
is_alphanumeric(s)  Whether all characters are letters or numerals
    is_alphanumeric("a1")  true
is_whitespace(s)  Whether all characters are white space
    is_whitespace(" \n")  true
is_upper(s)  Whether all characters are capital letters
    is_upper("Ab")  false
is_lower(s)  Whether all characters are small letters
    is_lower("ab")  true
"""
CONVERSIONS = """
to_string(x)  The text of a value as printed
    to_string(1.5)  1.5
to_int(x)  Whole part toward zero; the int that a text shows; 1 or 0 of a bool
    to_int(2.9)  2
to_float(x)  A number, or its text, as a float
    to_float(2)  2.0
type_of(x)  The name of a value's kind, a string
    type_of(1)  int
is_int(x)  Whether the value is an int
    is_int(1)  true
is_float(x)  Whether the value is a float
    is_float(1)  false
is_bool(x)  Whether the value is a bool
    is_bool(true)  true
is_nil(x)  Whether the value is nil
    is_nil(nil)  true
is_string(x)  Whether the value is a string
    is_string("a")  true
is_list(x)  Whether the value is a list, or a range
    is_list(1..3)  true
is_symbol(x)  Whether the value is a symbol
    is_symbol('red)  true
is_map(x)  Whether the value is a map
    is_map({})  true
is_set(x)  Whether the value is a set
    is_set(#{})  true
is_function(x)  Whether the value is a function
    is_function(1)  false
"""
MATH = """
sin(x)  Sine of an angle in radians
    sin(0)  0.0
cos(x)  Cosine of an angle in radians
    cos(0)  1.0
tan(x)  Tangent of an angle in radians
    tan(0)  0.0
asin(x)  Arc sine, radians; NaN outside [-1, 1]
    asin(0)  0.0
acos(x)  Arc cosine, radians; NaN outside [-1, 1]
    acos(1)  0.0
atan(x)  Arc tangent, radians
    atan(0)  0.0
sinh(x)  Hyperbolic sine
    sinh(0)  0.0
cosh(x)  Hyperbolic cosine
    cosh(0)  1.0
tanh(x)  Hyperbolic tangent
    tanh(0)  0.0
exp(x)  e raised to a power
    exp(0)  1.0
ln(x)  Natural logarithm; -inf of 0, NaN below
    ln(1)  0.0
log2(x)  Logarithm to base 2
    log2(8)  3.0
log10(x)  Logarithm to base 10
    log10(1000)  3.0
sqrt(x)  Square root; NaN of a negative number
    sqrt(16)  4.0
floor(x)  Greatest whole number at most x, a float
    floor(-1.5)  -2.0
ceil(x)  Least whole number at least x, a float
    ceil(1.2)  2.0
round(x)  Nearest whole number, halves away from 0
    round(2.5)  3.0
trunc(x)  Whole part toward zero, a float
    trunc(-1.7)  -1.0
atan2(y, x)  Angle of the point (x, y): atan2(y, x)
    atan2(0, 1)  0.0
hypot(x, y)  Length of the vector (x, y)
    hypot(3, 4)  5.0
log(x, base)  Logarithm of x to a base
    log(8, 2)  3.0
pow(x, y)  x ** y, as the operator
    pow(2, 10)  1024
degrees(x)  Radians to degrees
    degrees(0)  0.0
radians(x)  Degrees to radians
    radians(0)  0.0
abs(x)  Absolute value, of the kind of its argument
    abs(-3)  3
sign(x)  -1, 0 or 1, of the kind of its argument
    sign(-3)  -1
clamp(x, low, high)  x, at least and at most the others
    clamp(12, 0, 10)  10
round_to(x, places)  x rounded to decimal places, halves away from zero
    round_to(3.14159, 2)  3.14
factorial(n)  n! of a non-negative int
    factorial(5)  120
gcd(a, b)  Greatest common divisor, not negative
    gcd(12, 18)  6
lcm(a, b)  Least common multiple, not negative
    lcm(4, 6)  12
is_even(n)  Whether an int is even
    is_even(4)  true
is_odd(n)  Whether an int is odd
    is_odd(4)  false
is_nan(x)  Whether the value is the float NaN
    is_nan(0.5)  false
bit_and(a, b)  Bitwise and of two ints
    bit_and(12, 10)  8
bit_or(a, b)  Bitwise or of two ints
    bit_or(12, 10)  14
bit_xor(a, b)  Bitwise exclusive or of two ints
    bit_xor(12, 10)  6
shift_left(a, n)  a * 2**n, checked
    shift_left(1, 4)  16
shift_right(a, n)  a / 2**n rounded down
    shift_right(-9, 1)  -5
div(a, b)  Whole quotient rounded down, of ints
    div(-7, 2)  -4
rem(a, b)  Remainder, as the operator %
    rem(-7, 2)  -1
"""
FUNCTIONAL = """
identity(x)  Its argument
    identity(5)  5
const(x)  A function of one argument that always gives a value
    map([1, 2], 0.const())  [0, 0]
flip(f)  The function with its two arguments exchanged
    flip(pow)(2, 3)  9
compose(f, ...more)  x => f(g(x)), the last function first
    compose(abs, x => x - 5)(1)  4
pipe(f, ...more)  x => g(f(x)), the first function first
    pipe(x => x - 5, abs)(1)  4
partial(f, ...given)  A function of the arguments that are still missing
    partial(pow, 2)(10)  1024
curry(f)  A function that takes its arguments one by one
    curry(pow)(2)(10)  1024
uncurry(f)  A function of two arguments from one that takes them one by one
    uncurry(a => b => a - b)(5, 3)  2
memoize(f)  The function, which computes for equal arguments once
    memoize(x => x + 1)(1)  2
apply(f, xs)  A call with the arguments in a list, at most 8
    apply(pow, [2, 10])  1024
"""
ARRAYS = """
array(n, x)  A number so many times
    array(2, 0.5)  [0.5, 0.5]
zeros(n, m?)  Zeros; two sizes make a matrix
    zeros(2)  [0.0, 0.0]
ones(n, m?)  Ones; two sizes make a matrix
    ones(1, 2)  [[1.0, 1.0]]
arange(start, end?, step?)  Numbers from start, or 0, to before an end, by a step
    arange(1, 7, 2)  [1, 3, 5]
from_list(xs)  The array of a list of numbers
    from_list([1, 2])  [1, 2]
to_list(a)  The items as a list
    to_list(zeros(2))  [0.0, 0.0]
shape(a)  The sizes of an array, a list
    shape(zeros(2, 3))  [2, 3]
copy(a)  An array with memory of its own
    copy(ones(2))  [1.0, 1.0]
fill(a, x)  The array, all items changed
    fill(zeros(2), 3)  [3.0, 3.0]
map_array(a, f)  An array of what a function gives for each item, of the same shape
    map_array(arange(3), x => x * x)  [0, 1, 4]
dot(a, b)  The sum of the products of items, of arrays or lists
    dot(arange(3), ones(3))  3.0
matmul(a, b)  The product of two matrices, of floats
    matmul(ones(1, 2), ones(2, 1))  [[2.0]]
is_array(x)  Whether the value is an array
    is_array(zeros(1))  true
"""
PROGRAM = """
print(x)  Writes a value, the line goes on
    type_of(print)  function
println(x)  Writes a value and ends the line
    type_of(println)  function
args()  The program's arguments, a list of strings
    args()  []
exit(status)  Ends the program with a status
    type_of(exit)  function
"""

// How often each word stands in a text that is made up first: strings and a Map.

const syllables = ["ba", "ke", "li", "mo", "nu", "ra", "se", "ti"];

function textOf(words) {
  let state = 42;
  const made = [];
  for (let i = 0; i < words; i++) {
    state = state * 1103 % 1_000_003;
    let word = syllables[state % 8] + syllables[Math.floor(state / 8) % 8];
    if (Math.floor(state / 64) % 2 === 1) {
      word += syllables[Math.floor(state / 128) % 8];
    }
    made.push(word);
  }
  return made.join(" ");
}

function wordCount(words) {
  const counts = new Map();
  for (const word of textOf(words).split(" ")) {
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  let most = 0;
  for (const count of counts.values()) most = Math.max(most, count);
  return counts.size * 1_000_000 + most;
}

if (require.main === module) console.log(wordCount(Number(process.argv[2])));
module.exports = wordCount;

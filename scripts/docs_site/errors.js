// Keeps of the tables of symptoms the rows that have most of the words that somebody types or pastes.
(() => {
  const input = document.getElementById('symptom')
  if (!input) return
  const words = (text) => text.toLowerCase().match(/[\p{L}\p{N}_.]{3,}/gu) || []
  const rows = [...document.querySelectorAll('.symptoms tbody tr')].map((row) => ({ row, text: row.textContent.toLowerCase() }))
  const left = document.getElementById('symptoms-left')

  input.addEventListener('input', () => {
    const wanted = [...new Set(words(input.value))]
    const score = ({ text }) => wanted.filter((word) => text.includes(word)).length
    const best = Math.max(0, ...rows.map(score))
    let shown = 0
    for (const each of rows) {
      const fits = !wanted.length || (best > 0 && score(each) >= Math.max(1, Math.ceil(best * 0.7)))
      each.row.classList.toggle('gone', !fits)
      if (fits) shown += 1
    }
    for (const part of document.querySelectorAll('.symptoms section')) {
      part.classList.toggle('gone', !part.querySelector('tbody tr:not(.gone)'))
    }
    left.textContent = wanted.length ? `${shown} of ${rows.length}. chatkit-doctor explain takes whole tracebacks.` : ''
  })
})()

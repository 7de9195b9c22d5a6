import tseslint from 'typescript-eslint';

export default tseslint.config(...tseslint.configs.strict, ...tseslint.configs.stylistic, {
  rules: {
    eqeqeq: 'error',
    'no-console': 'error',
    // Report text must never be read as HTML: it may come from an untrusted notebook.
    'no-restricted-properties': [
      'error',
      { property: 'innerHTML', message: 'use textContent' },
      { property: 'outerHTML', message: 'use textContent' },
      { property: 'insertAdjacentHTML', message: 'use textContent' }
    ],
    'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }]
  }
});
